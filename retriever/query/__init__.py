"""The read side: a question in, ranked papers out. Never writes, never imports the write side.

`handles` finds the papers that a name means, `search` answers a question, `similar` finds papers like others.
"""
