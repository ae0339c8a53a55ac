"""The TeX commands that titles and names hold, and the Unicode that they stand for."""

import unicodedata

LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dj": "đ", "DJ": "Đ", "dh": "ð", "DH": "Ð",
    "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ", "ohorn": "ơ", "OHORN": "Ơ", "uhorn": "ư",
    "UHORN": "Ư",
}  # fmt: skip
"""Letters that have a command; as in TeX they swallow the space behind them."""

_ACCENTS = {
    "`": 0x300, "'": 0x301, "^": 0x302, "~": 0x303, "=": 0x304, "u": 0x306, ".": 0x307,
    '"': 0x308, "h": 0x309, "r": 0x30A, "H": 0x30B, "v": 0x30C, "G": 0x30F, "d": 0x323, "c": 0x327,
    "k": 0x328, "b": 0x331,
    "grave": 0x300, "acute": 0x301, "hat": 0x302, "tilde": 0x303, "bar": 0x304, "breve": 0x306,
    "dot": 0x307, "ddot": 0x308, "mathring": 0x30A, "check": 0x30C, "vec": 0x20D7,
    "widehat": 0x302, "widetilde": 0x303,
}  # fmt: skip
ACCENTS = {name: chr(code) for name, code in _ACCENTS.items()}
BELOW = frozenset("dckb")
SPACING = {"~": "~", "^": "^", "`": "`", "'": "'", '"': '"'}
"""What an accent over nothing prints."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GREEK = _words(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega"
)
SYMBOLS = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
       for name in _GREEK},
    **{name.title(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name.replace('lambda', 'lamda')}")
       for name in _GREEK},
    "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varrho": "ϱ", "varsigma": "ς", "varpi": "ϖ",
    "times": "×", "div": "÷", "pm": "±", "mp": "∓", "cdot": "·", "ast": "*", "star": "⋆",
    "circ": "∘", "bullet": "•", "oplus": "⊕", "otimes": "⊗", "wedge": "∧", "vee": "∨", "cap": "∩",
    "cup": "∪", "setminus": "∖", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥",
    "geqslant": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "lt": "<", "gt": ">",
    "lesssim": "≲", "gtrsim": "≳", "approx": "≈", "sim": "~", "simeq": "≃", "cong": "≅",
    "equiv": "≡", "propto": "∝", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂",
    "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "to": "→", "rightarrow": "→",
    "longrightarrow": "→", "leftarrow": "←", "gets": "←", "leftrightarrow": "↔", "mapsto": "↦",
    "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "uparrow": "↑", "downarrow": "↓",
    "nearrow": "↗", "searrow": "↘", "rightleftharpoons": "⇌", "infty": "∞", "partial": "∂",
    "nabla": "∇", "forall": "∀", "exists": "∃", "neg": "¬", "lnot": "¬", "emptyset": "∅",
    "varnothing": "∅", "sum": "∑", "prod": "∏", "int": "∫", "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ",
    "Im": "ℑ", "aleph": "ℵ", "angle": "∠", "perp": "⊥", "bot": "⊥", "top": "⊤", "parallel": "∥",
    "mid": "|", "vert": "|", "Vert": "‖", "|": "‖", "lvert": "|", "rvert": "|", "lVert": "‖",
    "rVert": "‖", "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊",
    "rfloor": "⌋", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "prime": "′",
    "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "ldots": "…", "dots": "…",
    "cdots": "⋯", "dotsc": "…", "dotsb": "⋯", "textellipsis": "…", "triangle": "△",
    "square": "□", "Box": "□", "blacksquare": "■", "diamond": "⋄", "checkmark": "✓",
    "heartsuit": "♥", "spadesuit": "♠", "sharp": "♯", "flat": "♭", "natural": "♮",
    "degree": "°", "textdegree": "°", "micro": "µ", "textmu": "µ", "S": "§", "P": "¶",
    "pounds": "£", "euro": "€", "texteuro": "€", "copyright": "©", "textcopyright": "©",
    "textregistered": "®", "texttrademark": "™", "textendash": "–", "textemdash": "—",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "lq": "‘", "rq": "’",
    "textquotedblright": "”", "textasciitilde": "~", "textasciicircum": "^", "textbar": "|",
    "textunderscore": "_", "textless": "<", "textgreater": ">", "textdollar": "$",
    "textbackslash": "∖", "backslash": "∖", "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX",
    "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "colon": ":", "quad": " ", "qquad": " ",
    "space": " ", "newline": " ", "par": " ", "thinspace": " ",
    "%": "%", "&": "&", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}",
    " ": " ", "\n": " ", "\t": " ", "\\": " ", ",": " ", ";": " ", ":": " ", ">": " ", "!": "",
    "-": "", "/": "", "@": "", "*": "", "+": "",
}  # fmt: skip
FUNCTIONS = _words(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh min max inf sup lim "
    "limsup liminf arg argmin argmax det dim ker gcd deg hom Pr mod bmod pmod poly polylog"
)
DRESS = _words(
    "emph textit textbf textsc texttt textsf textrm textsl text textnormal textmd textup mathrm "
    "mathbf mathit mathcal mathsf mathtt mathfrak mathscr mathnormal boldsymbol bm pmb mbox hbox "
    "fbox operatorname mathop mathbin mathrel ensuremath underline uline overline underbrace "
    "overbrace uppercase MakeUppercase it bf sc tt sf rm em sl bfseries mdseries itshape slshape "
    "scshape upshape ttfamily sffamily rmfamily small large Large LARGE huge Huge footnotesize "
    "scriptsize tiny normalsize displaystyle textstyle scriptstyle limits nolimits left right big "
    "Big bigg Bigg bigl bigr Bigl Bigr biggl biggr middle protect noindent xspace relax url path "
    "nolinkurl mathds mathbbm nonumber centering unboldmath boldmath cal frak"
)
"""Commands that change how a text looks: they go, the text stays."""
DROPPED = _words(
    "label cite citep citet citeauthor citeyear ref eqref cref Cref footnote footnotemark thanks "
    "vspace hspace color phantom vphantom hphantom begin end includegraphics index tag href "
    "textcolor colorbox stackrel overset underset raisebox fontsize texorpdfstring"
)
"""Commands whose first argument is nothing to read; of some a second one stays."""

SUPERSCRIPT = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
SUBSCRIPT = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))
RAISED = frozenset("*′″†‡°⊤⊥")
DOUBLE_STRUCK = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
