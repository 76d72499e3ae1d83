"""The complete and invented example, continued: systems, facilities, funds, achievements, plan and reasons."""

from typing import Any

from core import clock
from regulation.form.systems import EIGHT
from regulation.policy import Policy


def means() -> dict[str, Any]:
    """Return the example's answers about what the institution has and wants to do."""
    return _systems() | _facilities() | _platform() | _funds() | _achievements() | _plan()


def _systems() -> dict[str, Any]:
    return {
        "management_systems": [
            {
                "in_force": "yes",
                "document": f"示例学院继续教育{system.title}",
                "number": f"示例继教〔2020〕{number}号",
                "issued_on": f"2020-03-{number:02}",
            }
            for number, system in enumerate(EIGHT, 1)
        ]
    }


def _facilities() -> dict[str, Any]:
    year = clock.today().year
    return {
        "site_area": 86000,
        "building_area": 42000.5,
        "classrooms": 24,
        "classroom_area": 2880,
        "capacity": 1200,
        "premises_ownership": "owned",
        "lease_starts_on": "",
        "lease_ends_on": "",
        "equipment": [
            {"name": "示例多媒体教学系统", "model": "SL-100", "quantity": 24, "value": 96},
            {"name": "示例数据分析工作站", "model": "SL-200", "quantity": 60, "value": 72.5},
        ],
        "books": 36000,
        "electronic_resources": 12,
        "electronic_resources_note": "示例学术数据库、示例电子图书库。",
        "practice_means": ["own", "partner"],
        "practice_places": [
            {"name": "示例软件工程实训中心", "area": 860, "places": 120, "equipment_value": 310.25},
        ],
        "practice_partners": [
            {
                "name": "示例科技有限公司",
                "agreement": "共建实训基地协议",
                "starts_on": "2022-01-01",
                "ends_on": f"{year + 2}-12-31",
            },
        ],
        "board_and_lodging": "yes",
        "fire_safety": "yes",
        "safety_measures": "yes",
    }


def _platform() -> dict[str, Any]:
    return {
        "has_platform": "yes",
        "platform_name": "示例在线学习平台",
        "platform_url": "https://learning.example.com",
        "platform_kind": "own",
        "platform_record": "示例备00000001号",
        "platform_courses": 46,
        "platform_concurrent": 800,
        "platform_users": 5200,
    }


def _funds() -> dict[str, Any]:
    this_year = clock.today().year
    return {
        "funding_years": [
            {"year": year, "own": 60, "public": 20.5, "income": 85.75, "total": 166.25}
            for year in range(this_year - Policy().years_declared, this_year)
        ],
        "funding_promised": 80,
        "fees": "每人每天 260 元，依据示例市发展改革部门的核定文件。",
    }


def _achievements() -> dict[str, Any]:
    last_year = clock.today().year - 1
    return {
        "projects": [
            {
                "name": "示例专业技术人才知识更新工程高级研修项目",
                "kind": "project",
                "rank": "provincial",
                "granted_by": "示例省级主管部门",
                "year": last_year,
            },
            {
                "name": "《示例软件工程实务》",
                "kind": "textbook",
                "rank": "other",
                "granted_by": "示例出版社",
                "year": last_year,
            },
        ],
        "partners": [
            {
                "name": "示例装备制造有限公司",
                "agreement": "产学研合作框架协议",
                "starts_on": "2021-05-01",
                "ends_on": "",
            },
        ],
    }


def _plan() -> dict[str, Any]:
    return {
        "plan_goals": "三年内建成覆盖本地区信息技术和装备制造行业的继续教育示范基地，课程体系完备，师资结构合理。",
        "plan_years": [
            {"people": people, "classes": 12 + n, "courses": 6, "teachers": 34 + 2 * n, "funds": 160 + 10.5 * n}
            for n, people in enumerate((650, 700, 800))
        ],
        "plan_measures": "每年更新三成以上课程；聘请行业专家授课；经费列入年度预算；由继续教育学院统一组织实施。",
        "reasons": "专业与本地区支柱产业对接紧密，校企共建实训场所，培训管理规范，具有示范作用。",
        "papers_note": "附件均为演示材料。",
    }
