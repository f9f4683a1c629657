"""Examples of every verb, as `--help` shows them below the options."""

from __future__ import annotations

_EXAMPLES = {
    "build": """
retriever build ~/notes              # a folder of notes into the index
retriever build ~/papers ~/talks     # several; they replace what it covered
retriever build                      # read again what has changed
""",
    "search": """
retriever search how do transformers handle long inputs
retriever search 'diffusion "few steps" -video venue:ICLR year:2024..'
retriever search --topic Diffusion --sort date   # filters alone
retriever search - < abstract.txt
retriever search attention --json | jq '.data.hits[].paper.title'
vim -q <(retriever search attention --format vimgrep)
""",
    "similar": """
retriever similar 1                  # like the first of the last answer
retriever similar 2410.05258 key2024 # like two together
retriever similar 1 --not 2          # and away from another
retriever similar - < abstract.txt   # like a text
""",
    "topics": """
retriever topics                     # the tree, with its numbers of papers
retriever topics Diffusion           # one topic, with its papers
retriever topics --by year
retriever topics --gaps              # what the notes lack
""",
    "show": """
retriever show 1                     # the first of the last answer
retriever show 2410.05258            # by arXiv id
retriever show reading-list.md:7     # by a line of a note
""",
    "papers": """
retriever papers -n 20
retriever papers --json | jq '.data.total'
""",
    "export": """
retriever export -o papers.bib       # all papers as BibTeX
retriever export 1 3 key2024         # these, by handle
retriever export -q 'few-step diffusion' -n 20 -f ris
retriever export --topic Diffusion -f markdown -o related-work.md
retriever similar 1 --json | jq -r '.data.hits[].paper.id' |
    retriever export - -f csl-json
""",
    "open": """
retriever open 1                     # in $VISUAL or $EDITOR
retriever open 2410.05258 --obsidian
retriever open 1 --print             # the command, not run
""",
    "chunk": """
retriever chunk note.md              # where its passages begin and end
retriever chunk ~/notes --jsonl > passages.jsonl
""",
    "status": """
retriever status
retriever status --json | jq '.data.notes_changed'
""",
    "doctor": """
retriever doctor                     # of the notes in the index
retriever doctor note.md ~/papers    # of these
""",
    "check": """
retriever check                      # every byte of the index
retriever check --deep               # against the notes and the model, too
retriever check --repair             # set damage aside, and build it anew
""",
    "eval": """
retriever eval testset               # a folder in BEIR's format
retriever eval --self                # a test made of your own notes
retriever eval --self --compare minilm
""",
    "watch": """
retriever watch                      # the notes that the index covers
retriever watch ~/notes --debounce 5
retriever watch --json >> refreshes.jsonl
""",
    "serve": """
retriever serve                      # the page, on this machine alone
retriever serve --port 0             # at any port that is free
RETRIEVER_TOKEN=secret retriever serve --host 0.0.0.0
""",
    "mcp": """
retriever mcp                        # over stdin and stdout
retriever mcp --http --port 8766
claude mcp add papers -- retriever mcp --index ~/papers-index
""",
}

OVERVIEW = """\b
Examples:
  retriever build ~/notes              # read a folder of notes
  retriever search 'papers on long inputs'
  retriever show 1                     # the first paper of that answer
  retriever similar 1                  # papers like it, and why
  retriever VERB --help                # options and examples of a verb

\b
Environment:
  RETRIEVER_INDEX     the index, where --index does not name one
  RETRIEVER_MODEL     the embedding model, where --model does not
  NO_COLOR            no bold and no links on a terminal
  XDG_CONFIG_HOME     holds retriever/config.toml, which sets index and model

\b
Exit codes:
  0 done, an empty answer too   1 internal error   2 usage   3 no index
  4 damaged index   5 a build is running   6 model or extra missing
  7 index of another model   8 disk full   9 index of a newer version
  10 unreadable notes (--strict)   11 notes gone
"""


def epilog(verb: str) -> str:
    """Return what stands below the options of a verb."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in _EXAMPLES[verb].strip().split("\n"))])
