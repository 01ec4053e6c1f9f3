"""The words of our rules, as data: English and Chinese. Patterns are matched in small letters (see safety.reading).

A word alone refuses nothing, but for those of ALONE: a rule asks for who is shown and for what, close together.
"""

#: Uses of these words that mean something else: they are taken out first.
HARMLESS = (
    r"naked (?:mole[ -]?rats?|eyes?|flames?|bulbs?|trees?|branch(?:es)?|ambition|truth|wines?|cakes?|bike|gun)",
    r"naked (?:snails?|cats?|sphynx|neck|lad(?:y|ies)|juice|street ?bikes?|motorcycles?|singularit\w+)",
    r"nude (?:lips?\w*|colou?r\w*|tones?|palettes?|shades?|heels?|shoes?|pumps?|nails?|make-?up|beige|pink|"
    r"fabric|tights)",
    r"nude (?:statues?|sculptures?|marbles?|figurines?|torsos?|studies|study|figure drawings?|mannequins?)",
    r"(?:statues?|sculptures?|marble|bronze) (?:of )?(?:a )?nudes?",
    r"baby (?:showers?|blue|pink|grand|carrots?|corn|spinach|yoda|groot|bump|monitors?|strollers?|driver|boomers?)",
    r"baby (?:(?:naked )?mole[ -]?rats?,?(?: naked)?|animals?|birds?|chicks?|mice|mouse|rats?|hamsters?|kittens?|"
    r"pupp\w+|pandas?|dragons?|elephants?|doll dress)",
    r"baby'?s breath|babydoll dress(?:es)?|kid gloves?|kid leather|goat kids?|billy the kid|child'?s pose|boy ?bands?",
    r"karate kid|inner child|poster child|brainchild|new kids on the block|teen wolf|teen titans?|childless",
    r"child-?free",
    r"(?:sex|sexual|sexuality) (?:ed\b|education|health|abuse|harassment|violence|orientation|assault|exploitation)",
    r"(?:same|single|mixed|opposite|fair)[ -]sex|sex (?:of the baby|reveal|chromosomes?|pistols)|both sexes",
    r"essex|sussex",
    r"rapeseed|rape (?:fields?|blossoms?|flowers?)|sex and the city|strip (?:malls?|mines?|lights?|clubs? sign)",
    r"(?:las vegas|comic|film|led|gaza|mobius|bacon) strips?",
    r"topless (?:cars?|bus(?:es)?|jeeps?|convertibles?|roadsters?|tower)",
    r"(?:no|not|non|without|avoid|avoiding|never|zero)[ -](?:\w+ )?(?:nud\w+|nsfw|sex\w*|porn\w*|naked\w*|erotic\w*)",
    r"safe for work|(?:baby |feeding |bottle )+nipples?|in [a-g] (?:flat |sharp )?minor",
    r"nude (?:beach sign|descending a staircase)|the naked (?:gun|chef|lunch|ape|city)",
    r"minor (?:keys?|chords?|details?|scales?|changes?|adjustments?|arcana|league)|(?:ursa|asia|canis) minor",
    r"裸足|裸眼|裸色|裸粉|裸车|裸机|裸婚|裸辞|裸鼹鼠|裸跑|裸子植物|裸岩|赤裸裸|裸体(?:雕像|雕塑|石膏)|性感(?:的)?字体",
    r"(?:不要|没有|禁止|避免|无)(?:任何)?(?:裸\w{0,2}|色情|性感|情色)|性教育|性别|个性|油菜|性侵(?:预防|防范)",
    r"防(?:止)?性侵",
)

#: Somebody who is not of age.
MINOR = (
    r"child(?:ren)?|kids?|kiddos?|toddlers?|infants?|bab(?:y|ies)|newborns?|preschoolers?|kindergart(?:en|ner)\w*",
    r"teens?|teenage\w*|preteens?|pre-teens?|tweens?|adolescents?|youngsters?|juveniles?|under-?age\w*|minors",
    r"(?:a|the|as) minor|loli\w*|shota\w*|school ?(?:girl|boy|kid|child)\w*|schoolgirls?|schoolboys?",
    r"(?:little|young|small|tiny|underage|teen\w*|pre-?pubescent|flower|junior|early teen) (?:girl|boy|lad|lass)s?",
    r"prepubescent|pre-pubescent|pubescent|(?:elementary|primary|middle|high|junior high)[ -]school\w*(?: \w+)?",
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[ -]graders?|girl ?scouts?|boy ?scouts?",
    r"(?<![\d.])(?:[1-9]|1[0-7])[ -]?(?:years?|yrs?|yr|y)[ -]?(?:olds?|o\b)(?! (?:whisk\w+|scotch|rum|wine|car|"
    r"house|oak|tree))",
    r"(?<![\d.])(?:[1-9]|1[0-7]) ?(?:yo|y/o|y\.o\.?)\b",
    r"age[ds]?(?: of)?:? (?:[1-9]|1[0-7])\b(?! ?[\d%])(?!(?: years?)?,? (?:single|whisk\w+|scotch|rum|wine|cheese))",
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
    r"[ -]years?[ -]olds?",
    r"儿童|兒童|小孩|孩子|孩童|幼儿|幼兒|婴儿|嬰兒|宝宝|幼女|幼童|女童|男童|小女孩|小男孩|小姑娘|小朋友|未成年",
    r"少女|少年(?!宫)",
    r"萝莉|蘿莉|正太|小学生|小學生|初中生|中学生|中學生|高中生|女学生|女學生|学生妹|学龄前|豆蔻年华",
    r"(?<!\d)(?:[1-9]|1[0-7]) ?[岁歲]|(?<![十二三四五六七八九])(?:十[一二三四五六七]?|[一二两三四五六七八九])[岁歲]",
)

#: Sexual beyond doubt: refused with a minor anywhere in the same prompt.
EXPLICIT = (
    r"porn\w*|hentai|nsfw|xxx|lolicon|shotacon|ahegao|erotica|erotic\w*|sexual\w*|sexuali[sz]\w+|orgasm\w*",
    r"masturbat\w+",
    r"(?:having|have|has|had|oral|anal|group) sex|sex (?:scenes?|acts?|slaves?|toys?|tapes?|positions?|with)",
    r"intercourse",
    r"genital\w*|penis\w*|vagina\w*|nipples?|blow ?jobs?|fellatio|rap(?:e|ed|ing)|incest\w*|molest\w*|fetish\w*|bdsm",
    r"色情|情色|性爱|性愛|性交|做爱|做愛|口交|自慰|手淫|乱伦|亂倫|强奸|強姦|猥亵|猥褻|生殖器|阴部|乳头|黄片",
    r"成人片|发情",
)

#: Sexual beside a minor: refused within NEAR_MINOR characters of the word for one.
SUGGESTIVE = (
    r"nud(?:e|es|ity|ism|ist\w*)|naked\w*|topless|bottomless|undress\w*|unclothed|disrob\w+|stripping|striptease",
    r"strippers?|stripped (?:naked|bare|down|off)",
    r"(?:without|no|wearing no|removed|take off|taking off|removing) (?:any |her |his |their |all )*(?:clothes|"
    r"clothing)",
    r"wearing nothing|bare (?:breasts?|bottoms?|butts?|bodies|body)|lingerie|thongs?",
    r"see-?through (?:dress|top|shirt|blouse|skirt|cloth|outfit|swimsuit|underwear)\w*",
    r"sex|sexy|sexier|sexiest|seduc\w+|sensual\w*|provocative\w*|suggestive\w*|aroused|arousing|lewd|lustful|horny",
    r"裸|脱光|脱掉衣服|脱衣|不穿衣服|没穿衣服|一丝不挂|性感|性诱惑|诱惑的?(?:姿|眼|表情)|挑逗|撩人|情趣|丁字裤",
    r"透视装|肉欲|淫|露点",
)
NEAR_MINOR = 80

#: Refused whatever else there is.
ALONE_MINORS = (
    r"child ?porn\w*|kiddie ?porn\w*|jail ?bait|lolicon|shotacon|barely legal|p[ae]+do(?:phil\w*)?|cunny",
    r"儿童色情|炼铜|恋童",
)

#: Somebody there is, whom we cannot ask: persons of the writer's life, and people of public life.
SOMEBODY = (
    r"my (?:own )?(?:ex|girl ?friend|boy ?friend|friend|best friend|neighbou?r|class ?mate|room ?mate|flat ?mate|"
    r"co-?worker|"
    r"colleague|boss|teacher|professor|student|sister|brother|step\w+|mother|mom|mum|cousin|aunt|wife|husband|crush|"
    r"secretary|nanny|doctor|nurse|landlady|tenant|employee)(?:'s|s)?\b(?:-\w+)?",
    r"(?:real|actual|private|specific) (?:person|persons|people|woman|women|man|men|girl)|celebrit\w+",
    r"influencers?|streamers?",
    r"(?:famous|well-known|hollywood|pop) (?:actress\w*|actors?|singers?|models?|stars?|politicians?|woman|women)",
    r"(?:in|from|of|on) (?:the|this|my|that|attached|uploaded) (?:attached |uploaded |reference )?"
    r"(?:photos?|pictures?|pics?|selfies?|reference|image)",
    r"我的?(?:前女友|前男友|前任|女友|女朋友|男友|男朋友|妻子|老婆|前妻|老公|同学|同事|邻居|老师|妹妹|姐姐|嫂子|"
    r"室友|朋友|闺蜜|老板)",
    r"女明星|男明星|明星|女星|网红|主播|名人|真人|照片(?:里|中|上)的?(?:人|她|他|女|男)\w?|这张(?:照片|图)|参考图",
)
#: What we do not show of somebody who was not asked.
INTIMATE = (
    r"nudes?|nudity|naked|topless|porn\w*|nsfw|undress\w*|unclothed|sex tape|sex scenes?|having sex|sexual acts?",
    r"striptease",
    r"(?:without|no|wearing no) (?:any |her |his |their )*(?:clothes|clothing)|wearing nothing|explicit photos?",
    r"裸照|裸体|全裸|半裸|裸露|裸身|脱光|脱衣|不穿衣服|没穿衣服|一丝不挂|色情|性爱|做爱|露点|床照|不雅照",
)
NEAR_SOMEBODY = 48

#: Asking for somebody's clothes to be taken off, and for their face on somebody else's body.
ALONE_INTIMATE = (
    r"(?:undress|undressing|nudify|unclothe|disrobe|de-?clothe) (?:her|him|them|this|that|the (?:woman|girl|man|"
    r"guy|person|"
    r"lady|model)|my)\b",
    r"strip (?:her|him|them)(?: naked| nude| down|[.,!]|$)|strip (?:this|the) (?:woman|girl|man|guy|person|lady)\b",
    r"(?:remove|erase|delete|take off|get rid of|strip off|rip off|edit out|photoshop out) (?:all |of |the |"
    r"this |that )*"
    r"(?:(?:her|his|their|(?:woman|girl|man|person|lady|model)'?s) (?:\w+ ){0,2}"
    r"(?:clothes|clothing|bra|bikini|underwear|panties|swimsuit|dress|skirt|lingerie|outfit)"
    r"|(?:clothes|clothing|bra|bikini|underwear|panties|lingerie)"
    r"(?! (?:from|on|off|in) (?:the |a )?(?:mannequin|doll|line|washing|rack|floor|bed|hanger|chair|dryer|wardrobe)))",
    r"tak(?:e|es|ing) (?:her|his|their) (?:\w+ )?(?:clothes|clothing|bra|bikini|underwear|panties|dress) off",
    r"(?:make|turn|render|show|edit|get|imagine|generate|photoshop) (?:her|him|them|this (?:woman|girl|man|guy|"
    r"person|lady))"
    r" (?:(?!lips?|nails?|shoes?|heels?|make|dress|eyes?)\w+ ){0,3}(?:nude|naked|topless|without clothes)",
    r"(?:see|seeing|look|looking) through (?:her|his|their) (?:clothes|clothing|dress|shirt|bikini|top)",
    r"what (?:she|he|they) (?:\w+ ){0,3}looks? like (?:\w+ ){0,2}(?:naked|nude|topless|without)",
    r"(?:nude|naked|undressed|topless) (?:version|edit|copy) of (?:her|him|this|the|my)\b",
    r"deep ?fakes? (?:\w+ ){0,4}(?:nudes?|naked|porn\w*|sex\w*|nsfw|topless)",
    r"(?:nudes?|naked|porn\w*|sex|nsfw) (?:\w+ ){0,4}deep ?fakes?",
    r"(?:revenge|faceswap|face swap) ?porn|(?:fake|leaked|stolen|secret) (?:nudes|sex tapes?)|upskirt\w*",
    r"nudif\w+|deepnude\w*",
    r"(?:face ?swap|put (?:her|his|my|their) face|swap (?:her|his|the) face) (?:\S+ ){0,6}(?:nude|naked|porn\w*|nsfw)",
    r"(?:脱掉|脱下|脱去|脱光|去掉|去除|移除|扒掉|扒光|抹掉|p掉)(?:了)?(?:她|他|ta|这个?人|这位?女\w{0,2}|"
    r"照片中\w{0,4}|图中\w{0,4})?的?"
    r"(?:所有|全部)?(?:衣服|衣物|裙子|内衣|内裤|泳衣|比基尼|胸罩|文胸|上衣)",
    r"一键脱衣|ai ?脱衣|智能脱衣|给(?:她|他|这个?人|这位?女\w{0,2})脱衣|让(?:她|他)\w{0,4}(?:裸|脱光)",
    r"把(?:她|他)\w{0,4}(?:脱光|裸)",
    r"换脸\w{0,8}(?:裸|色情|成人|性爱)|(?:裸|色情|成人片?)\w{0,8}换脸|偷拍\w{0,6}(?:裸|裙底)|裙底偷拍",
)
#: With a reference picture this is enough: whoever is on it would be shown so.
WITH_REFERENCE = (
    r"nudes?|nudity|naked|topless|undress\w*|unclothed|nsfw|porn\w*",
    r"(?:without|no|remove|take off) (?:\w+ ){0,2}(?:clothes|clothing)",
    r"裸体|全裸|半裸|裸照|脱光|脱衣|脱掉|不穿衣服|去掉衣服|一丝不挂|色情",
)

#: Names whose nakedness is art history or myth, not somebody's.
NOBODY = frozenset(
    """
    venus aphrodite david adam eve apollo hercules heracles bacchus dionysus diana artemis leda zeus eros cupid psyche
    michelangelo botticelli rodin titian rubens ingres rembrandt modigliani schiele klimt freud picasso matisse degas
    manet olympia goya maja milo samothrace laocoon poseidon neptune prometheus perseus andromeda danae bathsheba
    susanna greek roman renaissance baroque art nouveau new york ancient classical vitruvian
    """.split()  # noqa: SIM905  (a list of words, not of literals)
)
