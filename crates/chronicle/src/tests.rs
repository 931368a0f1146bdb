//! Histories of a few events, told in the world of 1890 to 1920.

use spiral_model::EventKind::{Abandonment, Clash, Concession, Conquest, Joining, Settlement, Stalemate, Strike, Victory};
use spiral_model::outcome::MobilisationMotive;
use spiral_model::{Event, EventKind, Motive, Outcome};
use spiral_scenario::{Overrides, Scenario, decimal_year, load};

use crate::simulate::{BuildUp, History};
use crate::{Entry, chronicle, in_short};

fn world() -> Scenario {
    load("pre-wwi", &Overrides::default()).expect("a built-in scenario").remove(0)
}

/// The day `1914-06-28`.
fn on(text: &str) -> f64 {
    decimal_year(text).expect("a date")
}

/// Tells events in the world of 1890 to 1920.
struct Told {
    world: Scenario,
    outcome: Outcome,
    events: Vec<Event>,
    began: f64,
}

impl Told {
    fn new() -> Self {
        let mut world = world();
        world.setup.incidents.clear();
        let outcome = Outcome { end_date: 1920.0, ..Outcome::unwritten(0, 1890.0) };
        Self { world, outcome, events: Vec::new(), began: 0.0 }
    }

    fn state(&self, code: &str) -> u32 {
        self.world.setup.state(code).expect("a state of the scenario") as u32
    }

    /// A crisis begins.
    fn crisis(mut self, date: &str, challenger: &str, defender: &str) -> Self {
        self.began = on(date);
        let number = self.events.last().map_or(1, |event| event.crisis + 1);
        let first = self.event(0, EventKind::Crisis, challenger, defender);
        self.events.push(Event { crisis: number, ..first });
        self
    }

    /// An event of a day of that crisis, dated as the model dates it.
    fn event(&self, day: u16, kind: EventKind, actor: &str, target: &str) -> Event {
        Event {
            history: 0,
            crisis: self.events.last().map_or(1, |event| event.crisis),
            date: self.began + f64::from(day) / 365.2425,
            day,
            kind,
            actor: self.state(actor),
            target: self.state(target),
            fear: 0.0,
            first_strike_win: 0.0,
            strike_advantage: 0.0,
            motive: None,
            mobilisation_motive: None,
        }
    }

    fn then(self, day: u16, kind: EventKind, actor: &str, target: &str) -> Self {
        self.weighing(day, kind, actor, target, [0.0; 3])
    }

    /// The same with the values of the event.
    fn weighing(mut self, day: u16, kind: EventKind, actor: &str, target: &str, values: [f64; 3]) -> Self {
        let [fear, first_strike_win, strike_advantage] = values;
        let event = Event { fear, first_strike_win, strike_advantage, ..self.event(day, kind, actor, target) };
        self.events.push(event);
        self
    }

    fn mobilises(mut self, day: u16, actor: &str, target: &str, motive: MobilisationMotive, values: [f64; 3]) -> Self {
        self = self.weighing(day, EventKind::Mobilisation, actor, target, values);
        self.events.last_mut().expect("an event").mobilisation_motive = Some(motive);
        self
    }

    /// The end of a war on a date.
    fn ends(mut self, date: &str, kind: EventKind, actor: &str, target: &str) -> Self {
        let event = Event { date: on(date), ..self.event(0, kind, actor, target) };
        self.events.push(event);
        self
    }

    fn dated(mut self, date: &str, what: &str, crisis: Option<(&str, &str)>) -> Self {
        let crisis = crisis.map(|(one, other)| (self.state(one) as usize, self.state(other) as usize));
        let incident = spiral_model::setup::Incident { date: on(date), what: what.to_string(), crisis };
        self.world.setup.incidents.push(incident);
        self
    }

    fn history(&self) -> History {
        History {
            outcome: self.outcome,
            events: self.events.clone(),
            dates: Vec::new(),
            states: Vec::new(),
            system: Vec::new(),
            build_ups: Vec::new(),
        }
    }

    fn entries(&self, all: bool) -> Vec<Entry> {
        chronicle(&self.world, &self.history(), all)
    }

    /// Every line with its date, but for the end.
    fn lines(&self, all: bool) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for entry in self.entries(all) {
            lines.push(format!("{}: {}", entry.when, entry.text));
            lines.extend(entry.details.iter().map(|(when, text)| format!("{when}: {text}")));
        }
        assert_eq!(lines.pop().as_deref(), Some("1 Jan 1920: The last date of the scenario."));
        lines
    }
}

#[test]
fn help_is_told_from_the_side_of_who_gives_it() {
    let told = Told::new()
        .crisis("1903-08-24", "AUH", "SRB")
        .mobilises(1, "GER", "SRB", MobilisationMotive::Ally, [0.15, 0.4, 0.29])
        .mobilises(2, "RUS", "AUH", MobilisationMotive::Ally, [0.4, 0.06, 0.1])
        .then(3, Strike, "AUH", "SRB")
        .weighing(4, Joining, "ITA", "AUH", [0.3, 0.5, 0.01])
        .weighing(5, Joining, "FRA", "SRB", [0.7, 0.6, -0.32])
        .weighing(5, Joining, "TUR", "SRB", [0.7, 0.7, 0.1])
        .weighing(5, Joining, "GBR", "AUH", [0.3, 0.3, 0.1]);
    let lines = told.lines(false);
    let starts = [
        "24 Aug 1903: Austria-Hungary challenges Serbia.",
        "25 Aug 1903: Germany mobilises against Serbia in support of Austria-Hungary: it put the chance that its side wins at 0.15 without \
         its help and at 0.40 with it; it valued joining 0.29 more than staying out.",
        "26 Aug 1903: Russia mobilises against Austria-Hungary in support of Serbia: it put the chance that Serbia falls at 0.40 without its \
         help and at 0.06 with it; it valued joining 0.10 more than staying out.",
        "27 Aug 1903: Austria-Hungary strikes Serbia: ",
        "28 Aug 1903: Italy joins Austria-Hungary: it put the chance that its side wins at 0.30 without its help and at 0.50 with it; ",
        "29 Aug 1903: France joins Serbia: it put the chance that Serbia falls at 0.70 without its help and at 0.60 with it; it valued \
         joining 0.32 less than staying out; but its own reluctance to fight, which only it knows, was lower still.",
    ];
    for start in starts {
        assert!(lines.iter().any(|line| line.starts_with(start)), "no line begins {start:?}: {lines:#?}");
    }
    // Help that changes nothing does not say on which side it is.
    assert!(
        lines.iter().any(|line| line.contains("Ottoman Empire joins Serbia: it put the chance that Serbia falls")),
        "{lines:#?}"
    );
    assert!(
        lines.iter().any(|line| line.contains("Britain joins Austria-Hungary: it put the chance that its side wins")),
        "{lines:#?}"
    );
}

#[test]
fn the_victims_friend_is_known_where_the_defender_strikes_first() {
    let told = Told::new().crisis("1903-08-24", "AUH", "SRB").then(3, Strike, "SRB", "AUH").weighing(
        4,
        Joining,
        "GER",
        "AUH",
        [0.2, 0.2, 0.1],
    );
    let lines = told.lines(false);
    assert!(lines[2].contains("Germany joins Austria-Hungary: it put the chance that Austria-Hungary falls"), "{lines:#?}");
}

#[test]
fn a_mobilisation_says_why() {
    let told = Told::new()
        .crisis("1903-08-24", "AUH", "SRB")
        .mobilises(1, "AUH", "SRB", MobilisationMotive::Coercion, [0.01, 0.19, 0.0])
        .mobilises(2, "SRB", "AUH", MobilisationMotive::Fear, [0.4, 0.02, 0.0])
        .crisis("1904-08-24", "GER", "FRA")
        .mobilises(1, "GER", "FRA", MobilisationMotive::Attack, [0.01, 0.09, 0.0])
        .then(2, Strike, "GER", "FRA");
    let lines = told.lines(false);
    assert_eq!(lines[1], "25 Aug 1903: Austria-Hungary mobilises against Serbia to make Serbia give way.");
    assert_eq!(
        lines[2],
        "26 Aug 1903: Serbia mobilises against Austria-Hungary out of fear of being struck: it put that risk at 0.40."
    );
    let attack =
        "25 Aug 1904: Germany mobilises against France to attack: before it is ready, a first strike would win with chance 0.09.";
    assert_eq!(lines[4], attack);
}

#[test]
fn lesser_crises_say_where_shots_were_fired_and_who_gave_way() {
    let told = Told::new()
        .crisis("1903-02-01", "RUS", "GER")
        .then(5, Clash, "GER", "RUS")
        .then(9, Settlement, "RUS", "GER")
        .crisis("1903-04-01", "GER", "RUS")
        .then(9, Settlement, "GER", "RUS")
        .crisis("1903-06-01", "JPN", "RUS")
        .then(9, Concession, "RUS", "JPN")
        .crisis("1904-06-01", "FRA", "ITA")
        .then(9, Settlement, "FRA", "ITA");
    let expected = [
        "1903: Lesser crises, in which at most one state mobilised: Germany and Russia (2); Japan and Russia. Shots were fired in: Germany \
         and Russia. Gave way: Russia to Japan.",
        "1904: Lesser crises, in which at most one state mobilised: France and Italy.",
    ];
    assert_eq!(told.lines(false), expected);
    assert!(
        told.lines(true)
            .contains(&"10 Jun 1903: Russia gives way to Japan: it put its risk of being struck at 0.00.".to_string())
    );
}

#[test]
fn a_crisis_settles_or_dies_down() {
    let longest = world().setup.parameters.crisis.longest as u16;
    assert_eq!(longest, 60);
    let told = Told::new()
        .crisis("1903-02-01", "RUS", "GER")
        .then(longest, Settlement, "RUS", "GER")
        .crisis("1904-02-01", "RUS", "GER")
        .then(longest + 1, Settlement, "RUS", "GER");
    let lines = told.lines(true);
    assert_eq!(lines[1], "2 Apr 1903: Russia and Germany settle: neither gives way.");
    assert_eq!(lines[3], "2 Apr 1904: The crisis of Russia and Germany dies down after 60 days: neither gives way.");
}

#[test]
fn days_of_a_crisis_are_days_of_the_calendar() {
    let mut told = Told::new().crisis("1914-06-28", "AUH", "SRB").then(33, Strike, "AUH", "SRB").then(37, Joining, "RUS", "SRB");
    let lines = told.lines(false);
    assert!(lines[1].starts_with("31 Jul 1914: ") && lines[2].starts_with("4 Aug 1914: "), "{lines:#?}");
    told.outcome.first_war_date = Some(told.events[1].date);
    told.outcome.days_crisis_to_war = Some(33.0);
    let short = in_short(&told.world, &told.outcome);
    assert!(short.starts_with("The first war begins on 31 Jul 1914 (33 days after the crisis began): "), "{short}");
    (told.outcome.first_war_date, told.outcome.days_crisis_to_war) = (Some(27.78), None);
    let short = in_short(&told.world, &told.outcome);
    assert!(short.starts_with("The first war begins in year 27.78 (from no crisis): "), "{short}");
}

#[test]
fn lines_stand_by_date_also_where_crises_overlap() {
    let told = Told::new()
        .crisis("1903-02-01", "RUS", "AUH")
        .mobilises(1, "RUS", "AUH", MobilisationMotive::Fear, [0.2, 0.1, 0.0])
        .mobilises(20, "GER", "RUS", MobilisationMotive::Ally, [0.2, 0.1, 0.0])
        .then(30, Settlement, "RUS", "AUH")
        .crisis("1903-02-10", "JPN", "GBR")
        .then(3, Settlement, "JPN", "GBR");
    let lines = told.lines(true);
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[2], "10 Feb 1903: Japan challenges Britain.");
    assert!(
        lines[4].starts_with("21 Feb 1903: In the crisis of Russia and Austria-Hungary: Germany mobilises against Russia"),
        "{lines:#?}"
    );
    assert_eq!(lines[5], "3 Mar 1903: Russia and Austria-Hungary settle: neither gives way.");
    let entries = told.entries(true);
    assert!(entries.windows(2).all(|pair| pair[0].date <= pair[1].date));
    assert_eq!(entries.iter().map(|entry| entry.details.len()).collect::<Vec<_>>(), [1, 1, 1, 0]);
}

#[test]
fn the_end_of_a_war_names_everybody_who_fought() {
    let war = |told: Told| {
        told.then(3, Strike, "AUH", "SRB").then(4, Strike, "GER", "FRA").then(5, Joining, "GBR", "FRA").mobilises(
            5,
            "ITA",
            "SRB",
            MobilisationMotive::Ally,
            [0.1, 0.2, 0.1],
        )
    };
    let told = Told::new()
        .crisis("1903-08-24", "AUH", "SRB")
        .mobilises(1, "GER", "SRB", MobilisationMotive::Ally, [0.1, 0.2, 0.1])
        .mobilises(1, "FRA", "AUH", MobilisationMotive::Ally, [0.2, 0.1, 0.1]);
    let told = war(told).ends("1905-01-01", Victory, "SRB", "AUH").ends("1905-01-01", Conquest, "SRB", "AUH");
    let lines = told.lines(false);
    assert!(
        lines.contains(&"1 Jan 1905: Serbia, France and Britain win the war against Austria-Hungary and Germany.".to_string()),
        "{lines:#?}"
    );
    let told = Told::new()
        .crisis("1903-08-24", "JPN", "RUS")
        .then(3, Strike, "JPN", "RUS")
        .ends("1905-01-01", Stalemate, "JPN", "RUS")
        .crisis("1906-08-24", "JPN", "RUS")
        .then(3, Strike, "RUS", "JPN")
        .ends("1907-01-01", Victory, "JPN", "RUS");
    let lines = told.lines(false);
    assert!(lines.contains(&"1 Jan 1905: The war of Japan against Russia ends undecided.".to_string()), "{lines:#?}");
    assert!(lines.contains(&"1 Jan 1907: Japan wins the war against Russia.".to_string()), "{lines:#?}");
}

#[test]
fn who_enters_its_own_quarrel_and_who_does_not_fight() {
    let told = Told::new()
        .crisis("1903-08-24", "AUH", "SRB")
        .mobilises(1, "RUS", "AUH", MobilisationMotive::Ally, [0.2, 0.1, 0.1])
        .mobilises(1, "GER", "SRB", MobilisationMotive::Ally, [0.1, 0.2, 0.1])
        .mobilises(2, "SRB", "AUH", MobilisationMotive::Fear, [0.1, 0.2, 0.1])
        .then(3, Strike, "GER", "RUS")
        .weighing(4, Joining, "AUH", "GER", [0.3, 0.5, 0.1])
        .then(33, Abandonment, "SRB", "RUS")
        .then(33, Abandonment, "FRA", "RUS");
    let lines = told.lines(false);
    assert!(lines.iter().any(|line| line.contains("Austria-Hungary enters the war on the side of Germany: ")), "{lines:#?}");
    assert!(
        lines.contains(&"26 Sep 1903: Serbia is an ally of Russia and has mobilised, but does not fight.".to_string()),
        "{lines:#?}"
    );
    assert!(lines.contains(&"26 Sep 1903: France is an ally of Russia but stays out.".to_string()), "{lines:#?}");
}

#[test]
fn an_accident_is_no_decision() {
    let mut told = Told::new().crisis("1903-08-24", "AUH", "SRB").weighing(3, Strike, "AUH", "SRB", [0.1, 0.2, -0.4]);
    told.events[1].motive = Some(Motive::Accident);
    let lines = told.lines(false);
    assert!(
        lines[1].ends_with("it valued striking 0.40 less than waiting, but an accident began the war. Motive: accident."),
        "{lines:#?}"
    );
}

#[test]
fn what_the_scenario_dates_is_told_as_history() {
    let told = Told::new()
        .dated("1904-02-08", "Russo-Japanese war begins (history)", None)
        .dated("1907-08-31", "Anglo-Russian convention.", None)
        .dated("1908-01-01", "Japan is busy (history; China is no state of this scenario)", None)
        .dated("1914-06-28", "Sarajevo", Some(("AUH", "SRB")))
        .dated("1915-06-28", "A quarrel", Some(("AUH", "SRB")))
        .crisis("1914-06-28", "AUH", "SRB")
        .then(9, Settlement, "AUH", "SRB");
    let expected = [
        "8 Feb 1904: In history: Russo-Japanese war begins.",
        "31 Aug 1907: In history: Anglo-Russian convention.",
        "1 Jan 1908: In history: Japan is busy (China is no state of this scenario).",
        "28 Jun 1914: Sarajevo.",
        "28 Jun 1914: Austria-Hungary challenges Serbia.",
        "7 Jul 1914: Austria-Hungary and Serbia settle: neither gives way.",
        "28 Jun 1915: In history: A quarrel (no such crisis here).",
    ];
    assert_eq!(told.lines(false), expected);
    let mut without = told;
    without.world.setup.without.insert("timeline".to_string());
    assert!(!without.lines(false).iter().any(|line| line.contains("Sarajevo")));
}

#[test]
fn after_a_war_history_is_told_apart() {
    let mut told = Told::new()
        .dated("1905-02-08", "Entente cordiale", None)
        .dated("1906-02-08", "A pact", None)
        .dated("1907-06-28", "First quarrel", Some(("AUH", "SRB")))
        .dated("1907-07-28", "Second quarrel", Some(("FRA", "SRB")))
        .dated("1910-06-28", "Third quarrel", Some(("AUH", "SRB")))
        .dated("1914-03-01", "A letter", None)
        .dated("1914-06-28", "Sarajevo", Some(("AUH", "SRB")))
        .dated("1916-03-01", "A battle", None)
        .crisis("1904-08-24", "AUH", "SRB")
        .then(3, Strike, "AUH", "SRB")
        .ends("1908-01-01", Victory, "AUH", "SRB");
    told.outcome.first_war_date = Some(told.events[1].date);
    let history =
        |told: &Told| -> Vec<String> { told.lines(false).into_iter().filter(|line| line.contains("In history")).collect() };
    let before = [
        "8 Feb 1905: In history, without the war told above: Entente cordiale.",
        "8 Feb 1906: In history: A pact.",
        "28 Jun 1907: In history: First quarrel (no such crisis here: the two are at war).",
        "28 Jul 1907: In history: Second quarrel (no such crisis here: Serbia is at war).",
        "28 Jun 1910: In history: Third quarrel (no such crisis here: the two have fought).",
    ];
    assert_eq!(history(&told)[..5], before);
    told.outcome.general_war_date = Some(on("1912-01-01"));
    let after = [
        "1914: In history, without the general war told above: 1 Mar, A letter; 28 Jun, Sarajevo (no such crisis here: the two have fought).",
        "1916: In history, without the general war told above: 1 Mar, A battle.",
    ];
    assert_eq!(history(&told)[5..], after);
    let told = told.ends("1908-01-01", Conquest, "AUH", "SRB");
    assert!(history(&told)[4].ends_with("(no such crisis here: Serbia has been conquered)."), "{:#?}", history(&told));
}

#[test]
fn who_arms_is_told_by_the_part_of_the_year() {
    let told = Told::new();
    assert_eq!(told.world.setup.horizon.ticks_per_year, 4);
    let build_up = BuildUp::seen(1898.25, told.state("RUS"), (1896.0, 0.04), 0.054);
    let history = History { build_ups: vec![build_up], ..told.history() };
    let entry = chronicle(&told.world, &history, false).remove(0);
    let text = "Russia arms: its military burden has risen from 4.0 % of output in 1895 to 5.4 %.";
    assert_eq!((entry.when.as_str(), entry.text.as_str()), ("early 1898", text));
}
