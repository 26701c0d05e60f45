"""Products are found by how their names sound, too. Frozen: it uses no live table class."""

from app.core import search_index
from app.core.pinyin import pinyin_of


def up(migrator, db):
    found = db.execute_sql("SELECT id, name, number, code, brand, specification FROM product")
    rows = ((row, (number, code, name, *others, *pinyin_of(name or ""))) for row, name, number, code, *others in found.fetchall())
    search_index.put("product", ((row, " ".join(filter(None, words))) for row, words in rows))
