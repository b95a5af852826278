"""介護保険情報 of a visitor as rows of a page: the names that offices know, values as people read them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_CARE_LEVELS = {
    "01": "非該当", "06": "事業対象者", "12": "要支援1", "13": "要支援2",
    "21": "要介護1", "22": "要介護2", "23": "要介護3", "24": "要介護4", "25": "要介護5",
}  # fmt: skip
_SEXES = {"1": "男", "2": "女"}
_INSURED = {"1": "第1号被保険者", "2": "第2号被保険者"}


def _day(value: Any) -> str:
    """YYYYMMDD or YYYY-MM-DD; zeros stand for what is not known."""
    digits = str(value).replace("-", "")
    if len(digits) != len("YYYYMMDD"):
        return str(value)
    year, month, day = digits[:4], int(digits[4:6]), int(digits[6:])
    return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")


def _of(words: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda value: words.get(str(value), str(value))


_ROWS: Sequence[tuple[str, str, Callable[[Any], str]]] = (
    ("name", "氏名", str),
    ("name_kana", "フリガナ", str),
    ("birthdate", "生年月日", _day),
    ("sex", "性別", _of(_SEXES)),
    ("address", "住所", str),
    ("insurer_number", "保険者番号", str),
    ("insurer_name", "保険者名", str),
    ("insured_number", "被保険者番号", str),
    ("insured_classification", "被保険者区分", _of(_INSURED)),
    ("care_level", "要介護状態区分", _of(_CARE_LEVELS)),
    ("certified_on", "認定年月日", _day),
    ("certified_from", "認定有効期間（開始）", _day),
    ("certified_to", "認定有効期間（終了）", _day),
    ("monthly_limit_units", "区分支給限度基準額（単位）", str),
    ("burden_ratio", "利用者負担割合", lambda value: f"{int(value) // 10}割"),
    ("burden_from", "負担割合の適用期間（開始）", _day),
    ("burden_to", "負担割合の適用期間（終了）", _day),
    ("limit_stage", "負担限度額の段階", lambda value: f"第{value}段階"),
    ("limit_from", "負担限度額の有効期間（開始）", _day),
    ("limit_to", "負担限度額の有効期間（終了）", _day),
    ("limit_meal_yen", "食費の負担限度額（円）", str),
    ("care_manager_name", "居宅介護支援事業者", str),
    ("care_manager_number", "居宅介護支援事業者番号", str),
    ("care_manager_since", "届出年月日", _day),
)


def care_rows(care: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Name and value of what is known, in the order of the certificate."""
    return [(name, show(care[key])) for key, name, show in _ROWS if care.get(key) is not None]
