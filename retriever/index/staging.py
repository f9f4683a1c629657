"""How rows move: from the previous generation into the staging database, and from there into the final one.

`{passage}` stands for the columns of a passage, read from `p`.
"""

from __future__ import annotations

# Rows of the previous generation keep their numbers, shifted past those that stand here.
KEEP = """
INSERT INTO note
    SELECT old.number + :note, kept.* FROM kept JOIN previous.note old USING (folder, file);
INSERT INTO passage
    SELECT p.number + :passage, p.note + :note, p.ordinal, p.paper, NULL, {passage}
    FROM kept JOIN previous.note USING (folder, file) JOIN previous.passage p ON p.note = note.number;
INSERT INTO window
    SELECT w.row + :window, w.passage + :passage, w.ordinal, w.first_line, w.last_line, w.text,
        w.imported, w.embedded, w.hash
    FROM kept JOIN previous.note USING (folder, file) JOIN previous.passage p ON p.note = note.number
        JOIN previous.window w ON w.passage = p.number;
"""

KEEP_PAPERS = """
INSERT INTO paper SELECT * FROM previous.paper WHERE id NOT IN gone;
INSERT INTO evidence SELECT * FROM previous.evidence WHERE paper NOT IN gone;
INSERT INTO handle SELECT * FROM previous.handle WHERE paper NOT IN gone;
INSERT INTO sign SELECT * FROM previous.sign WHERE paper NOT IN gone;
INSERT INTO perhaps SELECT * FROM previous.perhaps WHERE paper NOT IN unpaired AND other NOT IN unpaired;
"""

ORDER = """
CREATE TEMP TABLE note_order (new INTEGER PRIMARY KEY, old INTEGER UNIQUE);
INSERT INTO note_order SELECT row_number() OVER (ORDER BY folder, file) - 1, number FROM main.note;
CREATE TEMP TABLE passage_order (new INTEGER PRIMARY KEY, old INTEGER UNIQUE);
INSERT INTO passage_order
    SELECT row_number() OVER (ORDER BY n.new, p.ordinal) - 1, p.number
    FROM main.passage p JOIN note_order n ON n.old = p.note;
CREATE TEMP TABLE window_order (new INTEGER PRIMARY KEY, old INTEGER);
INSERT INTO window_order
    SELECT row_number() OVER (ORDER BY p.new, w.ordinal) - 1, w.row
    FROM main.window w JOIN passage_order p ON p.old = w.passage;
"""

FINISH = """
INSERT INTO final.note
    SELECT o.new, folder, root, file, size, mtime_ns, sha256, title, warnings
    FROM note_order o CROSS JOIN main.note n ON n.number = o.old ORDER BY o.new;
INSERT INTO final.passage
    SELECT o.new, n.new, p.ordinal, p.paper, p.topic, {passage}
    FROM passage_order o CROSS JOIN main.passage p ON p.number = o.old JOIN note_order n ON n.old = p.note
    ORDER BY o.new;
INSERT INTO final.window
    SELECT o.new, p.new, w.ordinal, w.first_line, w.last_line, w.text, w.imported,
        w.embedded, w.hash
    FROM window_order o CROSS JOIN main.window w ON w.row = o.old JOIN passage_order p ON p.old = w.passage
    ORDER BY o.new;
INSERT INTO final.cite
    SELECT DISTINCT c.value, o.new FROM main.passage p, json_each(p.cites) c JOIN passage_order o ON o.old = p.number
    ORDER BY c.value, o.new;
INSERT INTO final.paper SELECT * FROM main.paper ORDER BY id;
INSERT INTO final.evidence SELECT * FROM main.evidence ORDER BY paper, ordinal;
INSERT INTO final.perhaps SELECT * FROM main.perhaps ORDER BY paper, other;
INSERT INTO final.sign SELECT * FROM main.sign ORDER BY sign, paper;
INSERT INTO final.handle SELECT * FROM main.handle ORDER BY kind, value, paper;
INSERT INTO final.topic SELECT * FROM main.topic ORDER BY ordinal;
INSERT INTO final.paper_topic SELECT * FROM main.paper_topic ORDER BY paper, ordinal;
"""
