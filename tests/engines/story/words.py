"""The vocabulary of the invented blog: people, headlines and sentence parts in several scripts."""

from __future__ import annotations

# login, display name, site
AUTHORS = (
    ("maren", "Maren Oduya", "http://maren.tidepool.example/"),
    ("tobias", "Tobias Lindqvist-Ferro", ""),
    ("eloise", "Éloïse Ça-Varga", "http://varga.example/eloise"),
    ("kenji", "倉田 健二", ""),
)

# name, site; the empty name is someone who left none
VISITORS = (
    ("Ruta Belcamp", "http://belcamp.example/"),
    ("old_harbour_hand", ""),
    ("Jörg Nüßlein", "http://nuesslein.example/blog/"),
    ("", ""),
    ("Ann & Olly O’Dare", "http://odare.example/?from=tidepool&x=1"),
    ("Зоя Крылова", ""),
    ("samira", "http://samira.example"),
    ("", "http://nameless.example/"),
    ("渚", "http://nagisa.example/日記"),
    ("Dr. P. Quill", ""),
    ("דנה לוי", "http://dana.example/"),
    ("anon", ""),
)

HEADLINES = (
    "A first post, and a kettle",
    "Notes from the ferry",
    "Fish & chips < 5 €",
    '"Quoted" headlines aren\'t easy',
    "Größere Wellen über Bäßlau",
    "春の海と古い灯台",
    "Письма с северного берега",
    "שלום מהנמל הישן",
    "Ça s’est passé à l’aube — déjà vu",
    "",
    "The <em>very</em> slow boat",
    "Ten things I did not learn this year, in no particular order, written on the back of a "
    "timetable while the rain went on and on and nobody at the quay seemed to mind at all",
    "😀 Summer, at last ☀",
    "Re: re: the lamp question",
    "100% wool... or so they say",
    "Naïve façade & coöperation",
    "Tools: grep -v '^#' | sort -u",
    "2 + 2 = 5 (for large values of 2)",
)
TOPICS = (
    "harbour", "kettle", "bicycle", "lantern", "orchard", "typewriter", "weather", "library",
    "bread", "radio", "garden", "bridge", "map", "winter coat", "notebook",
)  # fmt: skip
MOODS = (
    "Another look at the", "Repairing the", "What became of the", "In praise of the",
    "Against the", "A short history of the", "Three questions about the", "Selling the",
)  # fmt: skip

CATEGORIES = ("Harbour", "Kitchen & Garden", "Machines", "Åland", "読書")
TAGS = ("boats", "tea", "repair", "C++", "señales", "old maps", "雨", "rain")

SUBJECTS = (
    "the ferry captain", "my neighbour", "every second reader", "the lamp keeper", "our printer",
    "a man from the ministry", "the youngest gull", "somebody's aunt", "the whole street",
)  # fmt: skip
VERBS = (
    "forgot about", "carried home", "argued with", "measured", "painted", "never mentioned",
    "took apart", "photographed", "wrote a letter about", "almost sold",
)  # fmt: skip
OBJECTS = (
    "the broken kettle", "two hundred postcards", "a bicycle without wheels", "the town clock",
    "a jar of grey buttons", "the last timetable", "an unsigned map", "forty metres of rope",
)  # fmt: skip
ENDINGS = (
    "before breakfast", "in spite of the rain", "as usual", "for no clear reason",
    "and nobody noticed", "while the radio played", "twice in one week", "without a receipt",
)  # fmt: skip
FOREIGN = (
    "Am nächsten Morgen war der Steg verschwunden, und niemand wußte, warum.",
    "Personne n’avait vu passer le facteur : c’était pourtant jeudi.",
    "翌朝、桟橋には誰もいなかった。波の音だけが聞こえた。",
    "Наутро причал опустел, и только чайки спорили о погоде.",
    "למחרת בבוקר הרציף היה ריק, והשחפים המשיכו להתווכח.",
    "Tới sáng hôm sau, bến tàu vắng tanh.",
)
PICTURES = ("quay", "kettle", "lamp")
SHORT_REMARKS = (
    "+1", "Ha!", "😀👍", "Yes.", "First!", "…", "Agreed :-)", "Где?", "同感です", "no",
)  # fmt: skip
