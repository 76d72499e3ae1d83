from regulation.areas import AREA_NAMES, AREAS, DEPARTMENTS


def test_hubei_has_seventeen_areas_of_which_four_answer_to_the_province():
    assert len(AREAS) == len(AREA_NAMES) == len({area.name for area in AREAS}) == 17
    assert all(code.startswith("42") and len(code) == 6 and code.isdigit() for code in AREA_NAMES)
    assert [name for code, name in AREA_NAMES.items() if code.startswith("4290")] == [
        "仙桃市",
        "潜江市",
        "天门市",
        "神农架林区",
    ]
    assert "420400" not in AREA_NAMES


def test_each_area_has_its_bureau():
    assert AREAS[0].bureau == "武汉市人力资源和社会保障局"
    assert all(area.bureau.endswith("人力资源和社会保障局") for area in AREAS)


def test_departments_are_a_recalled_list_without_doubles():
    names = [department.name for department in DEPARTMENTS]
    assert len(names) == len(set(names)) == 21
    assert all(department.recalled and department.name.startswith("湖北省") for department in DEPARTMENTS)
