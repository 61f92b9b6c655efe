# ruff: noqa: RUF001 - names have the letters that they have.
"""Invented people: names of many kinds and scripts, drawn from a seeded generator. None of them is anybody."""

from collections.abc import Iterator
from random import Random

GIVEN = (
    *("Aaliyah", "Abdi", "Agnieszka", "Aidan", "Alan", "Amina", "Amrit", "Andrea", "Angharad", "Ann-Marie"),
    *("Barbara", "Bilal", "Bronagh", "Callum", "Carmel", "Chidi", "Chloé", "Ciarán", "Colette", "Craig"),
    *("Dafydd", "Dariusz", "Dawn", "Deborah", "Delroy", "Denise", "Dougie", "Ebrahim", "Eileen", "Emre", "Ewa"),
    *("Farah", "Fergus", "Gabriel", "Gareth", "Gloria", "Hamid", "Hannah", "Hilda", "Ibrahim", "Imelda"),
    *("Ingrid", "Jacek", "Jade", "Jean", "Jermaine", "Joan", "Joyce", "Kaiya", "Karolina", "Kevin", "Kwame"),
    *("Latoya", "Leanne", "Li", "Lorraine", "Lukáš", "Maeve", "Malik", "Margaret", "Marlon", "Maureen"),
    *("Mehmet", "Mercy", "Mick", "Mohammed", "Moira", "Naomi", "Natalia", "Neil", "Niamh", "Noor", "Nuala"),
    *("Olha", "Omar", "Orla", "Patience", "Paulette", "Piotr", "Rachel", "Rhys", "Rita", "Róisín", "Samir"),
    *("Sandra", "Seán", "Shabnam", "Sharon", "Siân", "Sinéad", "Stan", "Tadeusz", "Tendai", "Theresa", "Tom"),
    *("Tracey", "Vera", "Violet", "Wendy", "Winston", "Xin", "Yasmin", "Yusuf", "Zainab", "Zofia"),
)

FAMILY = (
    *("Adeyemi", "Ahmed", "Ainscough", "Baines", "Balogun", "Begum", "Berry", "Birchall", "Boyle", "Brennan"),
    *("Byrne", "Campbell", "Carragher", "Chen", "Clarke", "Corcoran", "Davies", "Demir", "Devlin", "Doyle"),
    *("Dudek", "Duffy", "Edwards", "Eze", "Fairclough", "Farrell", "Fitzpatrick", "Gallagher", "Gill"),
    *("Griffiths", "Halsall", "Hassan", "Hesketh", "Hughes", "Hussain", "Iqbal", "Jones", "Kaur", "Kavanagh"),
    *("Kelly", "Khan", "Kovačević", "Kowalska", "Lawrenson", "Leadbetter", "Lewis", "Lunt", "Maddocks"),
    *("Maguire", "McAteer", "McGowan", "Mensah", "Molyneux", "Moran", "Mukherjee", "Murphy", "Ndlovu", "Nowak"),
    *("O'Brien", "O’Hanlon", "Okafor", "Olsen", "Osei", "Owen", "Parr", "Pennington", "Prescott", "Quirk"),
    *("Rahman", "Rimmer", "Rotheram", "Saleh", "Sefton", "Shah", "Singh", "Smyth", "St John", "Sutton"),
    *("Tesfaye", "Tyrer", "Unsworth", "van der Berg", "Waterhouse", "Whittle", "Wong", "Woźniak", "Wright"),
    *("Yilmaz", "Zhang", "Ziółkowski"),
)

OTHER_SCRIPTS = (
    *("سارة الخطيب", "Олена Коваленко", "李秀英", "ਹਰਪ੍ਰੀਤ ਕੌਰ", "Μαρία Παπαδοπούλου", "አበበ በቀለ", "Ngô Thị Hạnh"),
    *("Ayşe-Gül Çelik-Öztürk", "Bartholomew Featherstonehaugh-Cholmondeley", "Io", "Maria del Carmen de la Cruz Ruiz"),
)
"""Names that find out whether a page has room for them and a search finds them."""

DUTCH = (
    *("Anouk de Vries", "Bas van Dijk", "Carlijn Bakker", "Daan Jansen", "Esra Yıldız", "Femke Visser", "Gijs Smit"),
    *("Hanneke Mulder", "Imane El Amrani", "Joost de Boer", "Khadija Bouzid", "Lotte Meijer", "Maarten Bos"),
    *("Naima Haddou", "Olaf Dekker", "Pim van den Heuvel", "Quirine Vos", "Rachid Benali", "Sanne Peters"),
    *("Thijs Hendriks", "Wilma van Leeuwen", "Xander Kok", "Yara Jacobs", "Zeynep Arslan", "Jan-Willem ter Horst"),
    *("Marieke Schouten", "Ruben Willems", "Soraya Lachmon", "Teun Hoekstra", "Ifrah Warsame"),
)

ITALIAN = (
    *("Alessia Ferrero", "Bruno Gallo", "Chiara Rossi", "Davide Barbero", "Elisabetta Conti", "Fatou Ndiaye"),
    *("Giulia Bianchi", "Hicham Alaoui", "Ilaria Costa", "Jacopo Ricci", "Karima Zahra", "Lorenzo Martini"),
    *("Marta D'Angelo", "Nicolò Greco", "Ornella Fontana", "Pietro De Luca", "Rosa Santoro", "Stefano Villa"),
    *("Teresa Marino", "Ugo Ferrari", "Valentina Serra", "Youssef Amrani", "Zoe Bruno", "Adriana Popescu"),
    *("Beatrice Negri", "Claudio Riva", "Dario Sanna", "Emanuele Parisi", "Franca Moretti", "Gaetano Russo"),
)


def invent_names(chance: Random, pool: tuple[str, ...] = ()) -> Iterator[str]:
    """Invent names without end and without two alike.

    Args:
        chance: The seeded generator.
        pool: Whole names to use first, in an order of chance; then given and family names are put together.
    """
    seen: set[str] = set()
    first = list(pool or OTHER_SCRIPTS)
    chance.shuffle(first)
    if pool:
        for name in first:
            seen.add(name)
            yield name
    while True:
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        if first and not pool and chance.random() < 0.06:
            name = first.pop()
        if name not in seen:
            seen.add(name)
            yield name


def email_of(number: int, slug: str) -> str:
    """Give an invented person an address that no mail server will ever take."""
    return f"person{number}.{slug}@mail.example"
