"""A form that is complete and invented from end to end, for the demonstration and for tests."""

from typing import Any

from core import clock
from regulation.form.definition import ATTACHMENTS
from regulation.form.example_of_means import means
from regulation.policy import Policy

EXAMPLE_ATTACHMENTS: tuple[str, ...] = tuple(field.key for field in ATTACHMENTS)
"""The papers that the example needs."""

SUBJECTS = ("示例软件工程", "示例数据分析")

TEACHERS = (
    ("周示例", "full-time", "male", "1971-03", "doctor", "教授", SUBJECTS[0]),
    ("吴样例", "full-time", "female", "1978-09", "doctor", "副教授", f"{SUBJECTS[0]}、{SUBJECTS[1]}"),
    ("郑演示", "full-time", "male", "1982-12", "master", "副教授", SUBJECTS[1]),
    ("王虚构", "full-time", "female", "1986-05", "master", "讲师", f"{SUBJECTS[0]}、{SUBJECTS[1]}"),
    ("冯设例", "part-time", "male", "1969-11", "doctor", "正高级工程师", SUBJECTS[1]),
    ("陈假设", "part-time", "female", "1980-01", "bachelor", "高级工程师", SUBJECTS[0]),
)


def example(
    name: str = "江汉示例职业技术学院",
    base_name: str = "江汉示例专业技术人员继续教育基地",
    credit_code: str = "12420100T000000283",
    *,
    area: str = "420100",
    specialists: int = 620,
) -> dict[str, Any]:
    """Return the complete content of an invented institution; `specialists` were trained in each declared year."""
    return (
        _basics(name, base_name, credit_code, area)
        | _domain()
        | _management()
        | _faculty(name)
        | _training(specialists)
        | means()
        | {"promise": True}
    )


def _basics(name: str, base_name: str, credit_code: str, area: str) -> dict[str, Any]:
    return {
        "unit_name": name,
        "base_name": base_name,
        "credit_code": credit_code,
        "unit_nature": "public-institution",
        "applicant_category": "university",
        "host_name": "",
        "host_credit_code": "",
        "has_qualification": "yes",
        "qualification_number": "示例资质第 0000001 号",
        "qualification_issuer": "示例市教育行政部门",
        "qualification_valid_until": f"{clock.today().year + 3}-12-31",
        "supervising_body": "示例市人民政府",
        "area": area,
        "registered_address": "示例市示例区虚构大道 1 号",
        "mailing_address": "示例市示例区虚构大道 1 号继续教育学院",
        "postcode": "430000",
        "legal_representative_name": "赵示例",
        "legal_representative_position": "院长",
        "legal_representative_phone": "027-00000001",
        "base_head_name": "钱示例",
        "base_head_position": "继续教育学院院长",
        "base_head_professional_title": "教授",
        "base_head_phone": "027-00000002",
        "contact_name": "孙示例",
        "contact_department": "继续教育学院办公室",
        "contact_mobile": "13000000000",
        "contact_phone": "027-00000003",
        "contact_fax": "027-00000004",
        "contact_email": "contact@example.com",
        "website": "https://www.example.com",
        "founded_on": "1998-09-01",
        "training_since": 2006,
        "introduction": f"{name}为演示用的虚构单位，长期面向本地区企事业单位开展专业技术人员继续教育，"
        "与多家示例企业共建实训场所，年均举办各类培训班十余期，学员评价良好。",
    }


def _domain() -> dict[str, Any]:
    return {
        "domains": ["information-technology", "high-end-equipment"],
        "other_domain": "",
        "subjects": [{"name": subject, "series": "工程技术系列", "kind": "professional"} for subject in SUBJECTS],
        "task_scope": "面向本地区信息技术和装备制造行业的中高级专业技术人员。",
    }


def _management() -> dict[str, Any]:
    return {
        "managing_body_name": "继续教育学院",
        "managing_body_duties": "负责继续教育的规划、组织、登记、考核和质量评估。",
        "managers": [
            {
                "name": "钱示例",
                "employment": "full-time",
                "position": "院长",
                "education": "doctor",
                "professional_title": "教授",
                "years": 15,
                "post": "全面负责",
            },
            {
                "name": "孙示例",
                "employment": "full-time",
                "position": "办公室主任",
                "education": "master",
                "professional_title": "副研究员",
                "years": 8,
                "post": "教学组织与登记",
            },
        ],
    }


def _faculty(name: str) -> dict[str, Any]:
    ranks = ("senior", "associate_senior", "intermediate", "other", "doctors", "masters", "bachelors")
    keys = ("name", "employment", "gender", "born", "education", "professional_title", "subjects")
    return {
        "faculty_summary": [
            dict(zip(ranks, (6, 12, 8, 0, 10, 14, 2), strict=True)),
            dict(zip(ranks, (3, 5, 0, 0, 3, 3, 2), strict=True)),
        ],
        "teachers": [
            {
                **dict(zip(keys, teacher, strict=True)),
                "specialty": "计算机科学与技术",
                "employer": name if teacher[1] == "full-time" else "示例科技有限公司",
                "hours": 180,
                "achievements": "主持完成示例课题一项，编写示例教材一部。",
            }
            for teacher in TEACHERS
        ],
    }


def _training(specialists: int) -> dict[str, Any]:
    this_year = clock.today().year
    years = range(this_year - Policy().years_declared, this_year)
    return {
        "training_years": [_year(year, specialists) for year in years],
        "training_classes": [_class(number, year) for number, year in enumerate(years, 1)],
    }


def _year(year: int, specialists: int) -> dict[str, int]:
    senior, intermediate = specialists // 5, specialists // 2
    return {
        "year": year,
        "classes": 12,
        "attendances": specialists + 240,
        "specialists": specialists,
        "senior": senior,
        "intermediate": intermediate,
        "junior": specialists - senior - intermediate,
        "in_person": 9,
        "online": 3,
        "hours": 480,
    }


def _class(number: int, year: int) -> dict[str, Any]:
    return {
        "name": f"{SUBJECTS[0]}高级研修班（第 {number} 期）",
        "kind": "commissioned",
        "commissioned_by": "示例行业协会",
        "starts_on": f"{year}-06-02",
        "ends_on": f"{year}-06-06",
        "place": "学院实训楼",
        "days": 5,
        "hours": 40,
        "people": 60,
        "level": "senior",
        "passed": 58,
        "satisfaction": 96.5,
    }
