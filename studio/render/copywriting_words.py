"""The words that `copywriting` knows: calls to action, offers and instructions in a few languages."""

from __future__ import annotations

import re

# Calls to action by language and intent. A language that is not here gets none: an English button under a Polish line is worse.
CALLS: dict[str, dict[str, str]] = {
    "en": {"shop": "Shop now", "book": "Book now", "try": "Try it now", "download": "Download now", "signup": "Sign up", "learn": "Learn more"},
    "de": {"shop": "Jetzt kaufen", "book": "Jetzt buchen", "try": "Jetzt testen", "download": "Herunterladen", "signup": "Jetzt anmelden", "learn": "Mehr erfahren"},
    "fr": {"shop": "Acheter", "book": "Réserver", "try": "Essayer", "download": "Télécharger", "signup": "S’inscrire", "learn": "En savoir plus"},
    "es": {"shop": "Comprar ahora", "book": "Reservar", "try": "Probar ahora", "download": "Descargar", "signup": "Registrarse", "learn": "Más información"},
    "it": {"shop": "Acquista ora", "book": "Prenota ora", "try": "Prova ora", "download": "Scarica", "signup": "Iscriviti", "learn": "Scopri di più"},
    "pt": {"shop": "Comprar agora", "book": "Reservar", "try": "Experimentar", "download": "Baixar", "signup": "Inscrever-se", "learn": "Saiba mais"},
    "nl": {"shop": "Shop nu", "book": "Boek nu", "try": "Probeer nu", "download": "Download nu", "signup": "Meld je aan", "learn": "Meer weten"},
    "ja": {"shop": "今すぐ購入", "book": "今すぐ予約", "try": "今すぐ試す", "download": "ダウンロード", "signup": "登録する", "learn": "詳しく見る"},
    "zh": {"shop": "立即购买", "book": "立即预订", "try": "立即试用", "download": "立即下载", "signup": "立即注册", "learn": "了解更多"},
    "ko": {"shop": "지금 구매하기", "book": "지금 예약하기", "try": "지금 체험하기", "download": "다운로드", "signup": "가입하기", "learn": "자세히 보기"},
    "ar": {"shop": "تسوق الآن", "book": "احجز الآن", "try": "جرّب الآن", "download": "حمّل الآن", "signup": "سجّل الآن", "learn": "اعرف المزيد"},
    "he": {"shop": "לקנייה", "book": "להזמנה", "try": "לניסיון", "download": "להורדה", "signup": "להרשמה", "learn": "למידע נוסף"},
}  # fmt: skip

# What in a brief tells the intent; the first row with a match decides.
INTENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.IGNORECASE))
    for intent, pattern in (
        ("download", r"\b(download|install|app store|mobile app|our app|herunterladen|télécharg\w*|descarg\w*|scarica\w*|baix(?:e|ar))\b|ダウンロード|アプリ|下载|다운로드|حمّ?ل|הורד"),
        ("try", r"\b(free trial|try|trial|demo|testen|essa(?:i|yer|yez)|prueba|probar|prova|probeer|experimente)\b|体験|お試し|试用|체험|جرّ?ب|נסו"),
        ("signup", r"\b(sign[ -]?up|subscri\w+|newsletter|join|register|waitlist|anmelden|inscri\w+|suscr\w+|iscriv\w+|aanmelden)\b|登録|注册|가입|سجّ?ل|הרשמ"),
        ("book", r"\b(book (?:a|an|now|your|online|with|today)|booking|reserv\w+|appointment|hotel|flights?|restaurant|spa|salon|retreat|getaway|buchen|termin|réserv\w+|prenot\w+|boek)\b|予約|预订|예약|احجز|הזמינו"),
        ("learn", r"\b(learn|webinar|course|workshop|guide|read|insurance|consult\w+|whitepaper|report|kurs|cours|curso|corso|cursus)\b|詳しく|了解|강의"),
        ("shop", r"\b(shop|buy|order|sale|store|deal|discount|shipping|collection|kaufen|rabatt|achet\w+|compr\w+|acquist\w+|kopen)\b|% ?off|購入|セール|购买|促销|구매|할인|تسوق|خصم|קנו|הנחה|מבצע"),
    )
)  # fmt: skip

# How a sentence starts that is an invitation by itself: it says what to do, so it becomes the button as it stands.
INVITATION = re.compile(
    r"(?:order|pre-?order|shop|buy|book|reserve|get|claim|try|taste|start|join|visit|call|discover|explore|find|see|download|subscribe|register|sign up|learn)\b"
    r"|(?:jetzt|gleich|heute)\b"
    r"|(?:commandez|achetez|réservez|essayez|découvrez|profitez|rejoignez)\b"
    r"|(?:compra|pide|reserva|prueba|descubre|empieza|únete)\b"
    r"|(?:acquista|ordina|prenota|prova|scopri|iscriviti)\b"
    r"|(?:compre|peça|reserve|experimente|descubra)\b"
    r"|(?:bestel|koop|boek|probeer|ontdek|schrijf)\b",
    re.IGNORECASE,
)

_COMMON: dict[str, str] = {
    "en": "the a an and for our your with of to in on is it new make create off free this that ad from",
    "de": "der die das und für mit ein eine dein deine ist nicht neue neuer neues den dem im von auf jetzt unser unsere wir",
    "fr": "le la les et pour avec un une votre notre du des est nouvelle nouveau dans sur ton vos nos ce cette",
    "es": "el la los las y para con un una tu nuestro nuestra del nueva nuevo en su es por más este esta",
    "it": "il la gli e per con un una tuo nostro nostra del della nuova nuovo di è in che più questo",
    "pt": "o a os as e para com um uma seu nosso nossa do da nova novo em não é mais este são você",
    "nl": "de het een en voor met jouw onze nieuwe van op is je in niet ons deze",
    "other": "i z na się w dla och för med og ve bir için nie jest do pro av på til att som eller nowe nowa ja on",
}  # fmt: skip
COMMON: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _COMMON.items()}

_THING = (
    r"(?:ads?|adverts?|advertisements?|banners?|creatives?|posts?|posters?|images?|pictures?|graphics?|visuals?|campaigns?|stor(?:y|ies)|flyers?|"
    r"promos?|promotions?)"
)
# "Please create a bold static Instagram ad for …": everything up to the subject.
INSTRUCTION = re.compile(
    r"^(?:please\s+|can you\s+|could you\s+|i(?:'d| would) like (?:you to\s+)?|(?:i|we)\s+(?:want|need)\s+(?:you\s+to\s+)?)*"
    r"(?:(?:make|create|design|generate|build|write|produce|do|craft|give)\s+(?:me\s+|us\s+)?)?"
    rf"(?:(?:an?|the|some|one|two|three|four|\d+)\s+)?(?:[\w'’:-]+\s+){{0,4}}?{_THING}\b"
    r"(?:\s+(?:campaign|design|creative|image|post|set))?"
    r"(?:\s+for\s+(?:instagram|facebook|tiktok|linkedin|pinterest|youtube|snapchat|social media)\b)?"
    r"\s*(?:(?:that|which|to)\s+)?(?:for|about|promot\w+|featur\w+|announc\w+|advertis\w+|showcas\w+|sell\w*|of|on|:|[-–—])\s*",
    re.IGNORECASE,
)
ONLY_INSTRUCTION = re.compile(
    rf"^(?:please\s+)?(?:(?:make|create|design|generate|build|write|produce|craft)\s+)(?:me\s+|us\s+)?(?:[\w'’:-]+\s+){{0,5}}?{_THING}$|^make\b.*\b(?:look|feel|pop)\b",
    re.IGNORECASE,
)
BARE_VERB = re.compile(
    r"^(?:please\s+)?(?:make|create|design|generate|promote|advertise|announce)\s+(?=\S)", re.IGNORECASE
)
FOREIGN_INSTRUCTION = re.compile(
    r"^(?:bitte\s+)?(?:erstelle?n?|mache?|gestalte)\b.{0,40}?\b(?:anzeige|werbung|werbeanzeige|banner)\w*\s+(?:für|über|zu)\s+"
    r"|^(?:crée[rz]?|fais|faites|réalise[rz]?)\b.{0,40}?\b(?:publicité|pub|annonce|bannière)s?\s+(?:pour|sur)\s+"
    r"|^(?:crea|haz|diseña|hacer|crear)\b.{0,40}?\b(?:anuncio|publicidad|banner)s?\s+(?:para|sobre|de)\s+"
    r"|^(?:crea|fai|progetta)\b.{0,40}?\b(?:annuncio|pubblicità|banner)\s+(?:per|su)\s+"
    r"|^(?:crie|cria|faça|criar)\b.{0,40}?\b(?:anúncio|publicidade|banner)s?\s+(?:para|sobre|de)\s+"
    r"|^(?:maak|ontwerp)\b.{0,40}?\b(?:advertentie|banner)s?\s+(?:voor|over)\s+"
    r"|^(?:أنشئ|صمم|اصنع)\s+(?:لي\s+)?إعلان\S*\s+(?:عن\s+|ل(?=\S)|لـ\s*)"
    r"|^(?:צור|צרו|תכין|הכינו)\s+(?:לי\s+)?(?:מודעה|פרסומת)\s+(?:על\s+|עבור\s+|ל(?=\S))"
    r"|^(?:请)?(?:为|给)(?=.{2,60}(?:制作|设计|做)(?:一[个张则]|一份)?广告)|^(?:请)?(?:制作|设计)(?:一[个张则])?(?:关于)",
    re.IGNORECASE,
)
FOREIGN_INSTRUCTION_END = re.compile(
    r"(?:の)?(?:広告|バナー)を?(?:作って|作成して|制作して|つくって)(?:ください|下さい)?[。！!]?$"
    r"|(?:制作|设计|做)(?:一[个张则]|一份)?广告[。！!]?$|的广告[。！!]?$"
    r"|\s*광고(?:를|을)?\s*(?:만들어|제작해)\s*(?:줘|주세요)?[.!]?$"
)
# A sentence with one of these speaks to the designer, not to the buyer.
DIRECTION = re.compile(
    r"\b(background|backdrop|style|colou?rs?|palette|photo\w*|image|picture|logo|layout|fonts?|typography|mood|minimalist\w*|aesthetic|lighting|"
    r"audience|target(?:ing|ed)?|tone|should|must|put|place|add|show(?:ing)?|include|use|using|make sure|headline|call to action|cta|button|badge|"
    r"vibe|design|ads?|banner|format|ratio|composition|foreground|text|hintergrund|stil|farben?|zielgruppe|couleurs?|fondo|colores)\b|\d+:\d+|#[0-9a-f]{6}",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"(?:up to |bis zu |jusqu'à |hasta (?:un )?|fino al? )?(?:save )?\d{1,2} ?% ?(?:off|discount|rabatt|de réduction|de descuento|di sconto|de desconto|korting)\b"
    r"|(?:up to )?[$€£]\d{1,4}(?:\.\d\d)? off\b|\bsave (?:up to )?(?:\d{1,2} ?%|[$€£]\d{1,4})"
    r"|\bfree (?:worldwide |express )?(?:shipping|delivery|returns|trial|gift|sample)\b|\bbuy (?:one|1),? get (?:one|1)(?: free)?\b|\bbogo\b"
    r"|\b(?:2|two|3|three) for (?:the price of )?(?:1|one|2|two)\b|\bhalf[- ]price\b|\bkostenloser versand\b|\blivraison (?:gratuite|offerte)\b"
    r"|\benvío gratis\b|\bspedizione gratuita\b|\bfrete grátis\b|\bgratis verzending\b"
    r"|\d{1,2} ?[%％] ?(?:オフ|OFF|할인|הנחה|خصم)|خصم \d{1,2} ?[%٪]|送料無料|包邮|무료 ?배송|شحن مجاني|משלוח חינם|[-−]\d{1,2} ?%",
    re.IGNORECASE,
)
