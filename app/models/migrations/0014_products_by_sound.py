"""Products are found by how their names sound, too. Frozen: it uses no live table class."""

from app.core import search_index
from app.core.pinyin import pinyin_of


def up(migrator, db):
    found = db.execute_sql("SELECT k.id, k.key, p.name FROM search_product_key AS k JOIN product AS p ON p.id = k.id")
    search_index.put("product", [(row, " ".join((key, *pinyin_of(name or "")))) for row, key, name in found.fetchall()])
