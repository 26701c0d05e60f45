"""Where the parties of an agreement are found, and who speaks for them: kept with it, for branch and customer change."""

COLUMNS = ("party_a_address", "party_a_representative", "party_a_phone", "party_b_address", "party_b_contact", "party_b_phone")


def up(migrator, db):
    for column in COLUMNS:
        db.execute_sql(f'ALTER TABLE agreement ADD COLUMN "{column}" TEXT')
