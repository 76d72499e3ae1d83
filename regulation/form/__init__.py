"""The application form 《湖北省专业技术人员继续教育基地申报表》 as data, and how it is read.

`definition` says what is asked, `reading` what was answered; `example` is a form that is complete.
"""
