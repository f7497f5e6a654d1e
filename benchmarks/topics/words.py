"""Words that people use when they write of a topic: the seeds that the model of topics grows from.

Written for this project; a hyphen stands for a blank. The topics are the top level of IPTC Media Topics.
"""

SEEDS = {
    "arts-culture-entertainment-and-media": """
        film films movie movies actor actress hollywood oscar oscars bafta golden-globe cinema
        box-office director screenplay sequel premiere festival cannes music album albums singer song
        songs single singles band rock pop rap rapper hip-hop chart charts concert tour grammy
        brit-awards musician guitarist dj theatre broadway musical play stage opera ballet dance art
        arts artist painting exhibition museum gallery sculpture book books novel novelist author writer
        poet literary prize bestseller harry-potter television tv series sitcom drama soap reality show
        presenter comedian comedy celebrity celebrities star stars award awards entertainment culture
        bbc channel broadcaster radio newspaper magazine journalist media audience viewers episode
        beatles elvis madonna u2 eminem britney disney pixar animated dvd fashion designer model vogue
        spielberg scorsese tarantino cruise pitt jolie clooney dicaprio streep kardashian kanye beyonce
        rihanna taylor-swift adele drake coldplay oasis blur robbie-williams kylie jackson usher marvel
        batman spider-man star-wars lord-of-the-rings shrek trailer cast casting filmed blockbuster
        thriller remake biopic documentary animation netflix-series hbo emmy emmys tony-awards brits mtv
        vma mercury-prize booker pulitzer nobel-literature turner-prize glastonbury coachella setlist
        vocals soundtrack orchestra symphony conductor composer soprano pianist choreographer playwright
        west-end premiered screenwriter paparazzi tabloid anchor newsroom press publisher publishing
        bookshop comics manga cartoonist photographer photography
    """,
    "conflict-war-and-peace": """
        war conflict military army troops soldiers soldier killed attack attacks attacked bomb bombing
        bomber suicide car-bomb explosion blast rebels rebel insurgents insurgency militants militant
        gunmen terrorism terrorist terrorists hostage hostages kidnapped kidnappers beheaded ceasefire
        truce peace peacekeepers peacekeeping invasion airstrike air-strike strikes missile rocket
        mortar shelling siege offensive fighting clashes violence civil-war genocide darfur iraq baghdad
        fallujah najaf afghanistan taliban kabul gaza west-bank israel israeli palestinian palestinians
        hamas hezbollah al-qaeda syria chechnya chechen ukraine sudan somalia congo kashmir sunni shiite
        cleric militia marines coup massacre refugees protest protesters uprising riot unrest occupation
        combat casualties defence weapons warplanes jihad checkpoint ambush guerrilla armed forces nato
        drone kyiv kharkiv donbas mariupol houthi yemen idf rafah libya tripoli mosul aleppo isis
        islamic-state boko-haram al-shabaab pentagon fighter-jets brigade battalion frontline
        counterattack bombardment shelled shells ied grenade sniper kills killing wounded wounds dead
        insurgent warlord armistice nepal maoist tamil-tigers kurdish kurds pkk eta ira colombia farc
        ivory-coast haiti junta suicide-bombing arms-embargo sudanese janjaweed
    """,
    "crime-law-and-justice": """
        crime criminal police officer arrest arrested suspect suspects charged charges court judge jury
        trial murder murdered manslaughter killer killing shooting shot stabbed stabbing robbery
        burglary theft stolen rape assault abuse convicted conviction guilty plea pleaded sentence
        sentenced prison jail jailed inmate lawsuit sue sued lawyer attorney prosecutor prosecutors
        testimony witness verdict appeal supreme-court law legal justice bail custody drugs trafficking
        smuggling gang mafia corruption bribery fraud fugitive detective investigation investigators
        homicide death-penalty execution parole extradition accused alleged allegedly indicted
        indictment victim gunman kidnapping ruling cop cops fbi interpol courtroom sentencing acquitted
        acquittal tribunal hague judges judicial magistrate felony misdemeanour probation perjury
        embezzlement laundering cartel narcotics cocaine heroin serial paedophile molestation hijacked
        arson vandalism handcuffed police-shooting class-action settlement copyright-infringement
        war-crimes
    """,
    "disaster-accident-and-emergency-incident": """
        disaster earthquake quake tsunami flood floods flooding hurricane typhoon cyclone tornado storm
        landslide mudslide avalanche volcano eruption wildfire wildfires fire blaze firefighters crash
        plane-crash train-crash derailed collision capsized sank sinking ferry shipwreck explosion mine
        collapse collapsed rescue rescuers survivors missing dead death-toll injured emergency evacuated
        evacuation aid relief victims homeless drowned accident derailment stampede famine drought
        epicentre magnitude richter helicopter bus pile-up tremor aftershock magnitude-7 landfall
        katrina ivan jeanne cyclones drowning capsizes crashes crashed wreckage toll blazes inferno
        gas-leak bridge-collapse sinkhole mudslides red-cross relief-agencies emergency-services
        coastguard search-and-rescue
    """,
    "economy-business-and-finance": """
        economy economic business company companies firm firms corporation corp inc market markets stock
        stocks share shares shareholders investors investor investment bank banks banking finance
        financial profit profits profitable earnings revenue revenues sales quarter quarterly fiscal
        loss losses forecast growth gdp inflation interest rates rate cut federal-reserve fed
        central-bank dollar euro yen currency oil prices price crude barrel opec gas energy trade
        deficit surplus exports imports tariffs merger acquisition acquire takeover bid buyout deal
        billion million ipo wall-street nasdaq dow-jones index ftse nikkei bonds treasury debt
        bankruptcy bankrupt chapter-11 creditors airline airlines carrier retailer retail stores
        consumer consumers spending housing mortgage property house-prices insurance insurer
        chief-executive ceo chairman board analysts analyst antitrust regulator regulators sec
        accounting fraud enron manufacturing factory orders output automaker carmaker ford
        general-motors boeing airbus wal-mart demand supply costs cost-cutting restructuring outsourcing
        dividend hedge-fund equity commodity futures budget tax taxes wall street dow s&p points closed
        fell rose slipped climbed rally slump gains blue-chip traders trading barrels yukos gazprom
        exxon shell bp walmart target costco starbucks mcdonalds nike toyota honda volkswagen nissan
        renault gm daimler chrysler citigroup jpmorgan goldman barclays hsbc lloyds ubs deutsche-bank
        lufthansa delta ryanair easyjet us-airways pfizer nestle unilever tesco sainsbury holdings plc
        ltd securities mutual funds investing venture capital third-quarter net-income guidance
        downgrade upgrade lender lending loan loans mortgages credit card subprime bailout stimulus
        austerity recession tariff wto imf world-bank ecb euro-zone steel mining copper gold commodities
        crypto bitcoin logistics shipping freight wholesale supermarket brands advertiser marketing cfo
        shareholder buyback valuation
    """,
    "education": """
        education school schools pupils students student teacher teachers university universities
        college colleges campus exam exams gcse a-level tuition fees degree graduates graduate
        curriculum classroom headteacher literacy kindergarten nursery truancy homework academic
        professor scholarship standardized tests learning lessons ofsted principal undergraduates
        teaching taught schooling preschool primary-school secondary-school head-teacher exam-results
        grades literacy-test school-board dropout harvard oxford cambridge yale mba phd sat lecturer
        lecturers boarding-school syllabus
    """,
    "environment": """
        environment environmental climate climate-change global-warming greenhouse emissions carbon
        kyoto pollution polluted conservation conservationists endangered wildlife species whales
        whaling forest deforestation rainforest biodiversity recycling waste toxic renewable solar
        wind-power ecosystem coral reef ozone arctic ice melting glacier glaciers habitat fishing
        overfishing oceans greenpeace sustainability water-pollution polar-bears extinction co2 methane
        fossil-fuels net-zero cop26 emission trees timber loggers logging poaching poachers elephants
        rhino tigers pandas sharks bees insects-decline plastics landfill sewage oil-spill sea-level
        heat-trapping sustainable eco-friendly green energy-saving hydropower biofuel pesticides
    """,
    "health": """
        health medical medicine doctor doctors hospital hospitals patients patient disease diseases
        virus flu influenza bird-flu pandemic epidemic outbreak hiv aids cancer tumour diabetes
        heart-attack stroke obesity obese cholesterol blood surgery surgeon vaccine vaccines vaccination
        drug drugs treatment therapy clinical trial pill vioxx merck fda symptoms infection bacteria
        mental-health depression autism alzheimer dementia pregnancy birth smoking smokers tobacco diet
        nutrition vitamin exercise fitness nurse nurses nhs medicare physicians pharmaceutical ebola
        sars malaria tuberculosis measles asthma allergy covid coronavirus lockdown vaccinated omicron
        zika mpox norovirus mrsa painkiller painkillers antidepressants statins insulin chemotherapy
        tumor tumors oncology cardiology cardiac arthritis osteoporosis hormone estrogen contraceptive
        fertility ivf transplant donor sleep insomnia anxiety wellbeing calories sugar salt overweight
        addiction alcohol rehab paediatric dental dentist eyesight hospice paramedics ambulance
        medication prescription dose doses
    """,
    "human-interest": """
        bizarre odd weird quirky record-breaking guinness lottery winner royal wedding birthday
        centenarian heartwarming viral funny stunt hoax oddity unusual mystery anniversary hero
        celebrity-gossip pet lost-and-found reunion world-record prank amazing adorable hilarious cat
        dog puppy kitten zoo escaped twins triplets proposal stranger kindness surprise bride jackpot
        tattoo selfie naked toilet ghost ufo
    """,
    "labour": """
        labour union unions strike strikes striking walkout workers worker employees employers wages
        wage pay pay-rise pensions pension layoffs redundancies redundant unemployment jobless job-cuts
        jobs hiring recruitment collective-bargaining industrial-action minimum-wage picket
        apprenticeship staff workforce retirement jobless-claims payrolls trade-union unionised
        teamsters uaw tuc strikers lockout severance overtime-pay gig-workers furlough laid-off sacked
        labor pickets payroll workplace
    """,
    "lifestyle-and-leisure": """
        lifestyle travel tourism tourist tourists holiday vacation hotel resort beach restaurant chef
        recipe recipes cooking cook food wine beer dinner breakfast dessert garden gardening home decor
        interior diy fashion style beauty makeup hair dress shopping gift wedding hobby fitness yoga
        relationship dating luxury cruise destinations cocktail chocolate bake kitchen outfit tips ideas
        trends wardrobe jewelry shoes handbag runway skincare fragrance nails haircut airport-lounge
        road-trip backpacking camping hiking skiing-holiday spa hotels airbnb-stay michelin menu pasta
        chicken salad cake cookies coffee tea vegan vegetarian barbecue brunch furniture bedroom
        bathroom crafts decorating cleaning toys games-night puzzle crossword horoscope
    """,
    "politics": """
        politics political president presidential prime minister election elections vote voters voting
        ballot poll polls campaign candidate candidates party parties parliament senate senator congress
        congressman government cabinet opposition coalition labour conservatives tory tories liberal
        democrat democrats republican republicans lawmaker lawmakers legislation bill referendum
        constitution policy diplomat diplomatic diplomacy ambassador embassy foreign secretary summit
        treaty sanctions united-nations un european-union eu commission council governor mayor
        chancellor leader resign resignation reshuffle manifesto impeachment veto immigration asylum
        nuclear talks state department white house kremlin downing-street westminster brussels bilateral
        relations visit king queen monarchy premier deputy spokesman mps mp whitehall home-secretary
        id-cards devolution human-rights ministry speech address inauguration primaries caucus dictator
        regime democracy reform reforms bush blair obama trump clinton putin merkel macron zelensky
        erdogan modi biden harris kerry cheney rumsfeld powell rice sarkozy chirac schroeder berlusconi
        howard koizumi musharraf karzai arafat abbas sharon netanyahu chavez castro mugabe xi jinping
        kim jong senators ministers ministerial geopolitics brexit snp lib-dem constituency turnout
        exit-poll landslide incumbents filibuster speaker whip petition decree interim elected ruling
        pyongyang tehran moscow beijing ankara nairobi islamabad delhi jakarta country countries nation
        republic sovereignty independence separatist commonwealth african asean opec-summit embargo
        statecraft party-leader
    """,
    "religion": """
        religion religious church churches catholic pope vatican cardinal bishop bishops archbishop
        priest priests anglican christian christians christianity islam islamic muslim muslims mosque
        imam koran ramadan hajj jewish judaism synagogue rabbi hindu hinduism temple buddhist buddhism
        monk faith prayer pray worship god bible jesus spiritual theology atheist easter christmas
        evangelical baptist gospel pilgrims vatican-city pope-francis benedict john-paul cardinals
        conclave diocese parish clergy cleric clerics nun nuns convent sermon mass baptism scripture
        torah quran mecca karbala sikh mormon scientology pastor ministry-of-faith religious-leaders
        blasphemy heresy shrine
    """,
    "science-and-technology": """
        science technology scientists scientist researchers research study computer computers software
        hardware internet web website online microsoft windows linux google apple ipod iphone ibm intel
        amd sun oracle yahoo amazon ebay aol dell hp sony nintendo playstation xbox video-game games
        gamers console pc laptop server chip chips processor semiconductor broadband wireless wi-fi
        mobile phone phones handset smartphone cellular telecom voip skype network networks security
        virus viruses worm spam spyware hackers hacker hacking phishing patch vulnerability browser
        firefox explorer search engine desktop email messaging blog blogs digital camera download
        downloads file-sharing peer-to-peer piracy mp3 music-player dvd hdtv gadget gadgets robot robots
        artificial-intelligence algorithm data database open-source developer developers code
        programmers app apps satellite space nasa spacecraft shuttle mars moon saturn cassini titan
        rocket orbit astronaut astronauts space-station telescope galaxy planet planets asteroid comet
        physics physicists particle genetic genome dna gene genes stem-cells cloning fossil fossils
        dinosaur archaeologists species evolution biology chemistry laboratory experiment discovery
        nanotechnology supercomputer encryption privacy users tech innovation facebook twitter android
        cyber startup silicon-valley bluetooth rfid storage disk nokia ericsson motorola samsung toshiba
        lenovo huawei xiaomi cisco juniper novell peoplesoft sap siebel symantec mcafee red-hat nvidia
        qualcomm texas-instruments chipmaker tesla spacex openai chatgpt chatbot tiktok instagram
        whatsapp youtube netflix zoom spotify uber airbnb metaverse blockchain quantum machine-learning
        neural-network automation drones self-driving electric-vehicle batteries spammers antivirus
        malware ransomware trojan java javascript programming unix xp vista mozilla opera safari
        netscape msn hotmail gmail e-mail sites portal online-music itunes napster kazaa bittorrent
        camera-phone sms texting 3g 4g 5g wimax bandwidth handheld palm blackberry treo notebook laptops
        tablet tablets microprocessor dual-core memory flash graphics enterprise crm it outsourced
        webcam podcast wikipedia search-engines domain icann x-prize spaceshipone genesis hubble esa
        soyuz baikonur cosmonaut lunar martian rover solar-system black-hole neutrino hadron cern
        hominid neanderthal mammoth mammals ape primates insects bacteria archaeology excavation
        seismology microbes enzyme protein cell cells genomes
    """,
    "society": """
        society social community families family children parents parenting mother father marriage
        divorce gay lesbian lgbt same-sex transgender women gender feminism race racism racial black
        discrimination immigrants immigration migrants population census poverty homeless welfare
        charity elderly ageing youth teenagers abortion adoption inequality minority minorities ethnic
        demographic civil-rights feminist metoo lgbtq queer bisexual latino hispanic asian-american
        african-american white-supremacy segregation refugees-integration single-mothers childcare
        toddler baby babies teens grandparents divorced couples wives husbands daughters sons
        retirement-age loneliness volunteering charities homelessness slums living-standards
        demographics birth-rate
    """,
    "sport": """
        sport sports football soccer rugby cricket tennis golf basketball baseball hockey athletics
        boxing cycling swimming olympic olympics medal gold medallist championship champion champions
        league cup final semifinal quarterfinal match game games season playoff playoffs tournament
        coach manager striker midfielder goalkeeper defender quarterback pitcher innings batsman bowler
        wicket goal goals score scored scorer win wins victory defeat beat beats beaten defeated injury
        squad team teammate club stadium fans transfer premiership premier nfl nba mlb nhl fifa uefa icc
        nascar formula grand prix race driver sprinter marathon doping wimbledon serve set seed seeded
        unseeded open masters ryder birdie touchdown homer inning series yankees sox lakers arsenal
        chelsea liverpool manchester united real madrid barcelona halftime overtime penalty kick referee
        captain debut retire contract draft rookie roster yards field bronze silver relay world-cup
        six-nations qualifying qualifier group-stage rematch heavyweight bout knockout ronaldo messi
        federer nadal djokovic serena bolt phelps schumacher hamilton verstappen beckham rooney mourinho
        ferguson wenger bayern juventus celtic rangers everton braves cardinals cubs mets giants dodgers
        knicks celtics bulls heat cowboys patriots packers steelers eagles athens beijing sydney rio f1
        wnba mls bundesliga ufc wbc batting bowled unbeaten rebound dunk homered hat trick kickoff
        relegation promotion hurdles javelin gymnast gymnastics skating skier skiing snooker darts
        wrestling sprint horse racing derby jockey doubles wildcard spinner paceman test-match ashes
        all-rounder pga lpga tiger woods
    """,
    "weather": """
        weather forecast forecasters temperature temperatures heatwave heat-wave cold snow snowfall
        snowstorm blizzard rain rainfall showers sunny cloudy wind winds gusts frost fog thunderstorm
        thunderstorms meteorologists met-office hail winter-storm icy freezing celsius fahrenheit
        monsoon sunshine drizzle downpour heat-index cold-snap wintry gale gales breeze humidity el-nino
        la-nina drought-forecast barometer degrees flood-warning weather-warning
    """,
}
