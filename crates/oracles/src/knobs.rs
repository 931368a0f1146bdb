//! What every mechanism and every parameter moves, in a world in which the mechanism has something to do.

use std::sync::OnceLock;

use rayon::prelude::*;
use spiral_model::mechanisms::{Parameters, REGISTRY};
use spiral_model::setup::{ArmingRule, Ending};
use spiral_model::specification::Specification;
use spiral_model::{Motive, Outcome, Setup};

use crate::ensembles::{outcomes, paired, scenario};
use crate::worlds::{quarters, seekers, set, set_all};

/// Seed of every draw.
pub const SEED: u64 = 11;
/// Histories of the first look, and of the later ones where it shows nothing.
const SAMPLES: [u32; 4] = [64, 512, 1536, 4096];
/// Two-sided point of some 6e-7: with eighteen outputs, four looks and a hundred parameters a family error of a few thousandths.
pub const CRITICAL: f64 = 5.0;

/// Names of what a history is asked for.
const OUTPUTS: [&str; 18] = [
    "crises",
    "wars",
    "a war",
    "date of the first war",
    "date of the general war",
    "first war by preemption",
    "first war by predation",
    "belligerents by day 30",
    "days from crisis to war",
    "largest burden",
    "growth of arms",
    "allies drawn in",
    "allies that stay out",
    "commitments that lapse",
    "years of war",
    "square of the growth of arms: how far histories spread",
    "states conquered",
    "concentration of output at the end",
];

/// What a parameter moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Its path.
    pub path: String,
    /// The two values that it took.
    pub values: [f64; 2],
    /// The world, in words.
    pub world: &'static str,
    /// What moved most.
    pub output: &'static str,
    /// Mean difference over the same draws, second value minus first.
    pub difference: f64,
    /// Its size in standard errors; infinite where every history moved alike.
    pub z: f64,
    /// Histories at each value.
    pub histories: u32,
}

impl Moved {
    /// Whether something moved by more than chance.
    #[must_use]
    pub fn beyond_chance(&self) -> bool {
        self.z > CRITICAL
    }
}

/// Histories of a world with and without a mechanism, and of a second look where the first shows nothing.
const FIRST_LOOK: u32 = 512;
const SECOND_LOOK: u32 = 4096;

/// What a mechanism moves where it is switched off.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchedOff {
    /// Its name.
    pub mechanism: &'static str,
    /// The world, in words.
    pub world: &'static str,
    /// What moves most.
    pub output: &'static str,
    /// Mean difference over the same draws, without it minus with it.
    pub difference: f64,
    /// Its size in standard errors; infinite where every history moved alike.
    pub z: f64,
    /// Histories with it, and without it.
    pub histories: u32,
}

impl SwitchedOff {
    /// Whether something moved by more than chance.
    #[must_use]
    pub fn beyond_chance(&self) -> bool {
        self.z > CRITICAL
    }
}

/// A world, and the beginnings of the paths that are looked for in it first.
struct Place {
    starts: &'static [&'static str],
    about: &'static str,
    setup: Setup,
}

/// What a history is asked for, in the order of `OUTPUTS`.
fn outputs(outcome: &Outcome, end: f64) -> [f64; OUTPUTS.len()] {
    let yes = |is: bool| f64::from(u8::from(is));
    [
        f64::from(outcome.crises),
        f64::from(outcome.wars),
        yes(outcome.wars > 0),
        outcome.first_war_date.unwrap_or(end),
        outcome.general_war_date.unwrap_or(end),
        yes(outcome.motive == Some(Motive::Preemption)),
        yes(outcome.motive == Some(Motive::Predation)),
        f64::from(outcome.belligerents_30d),
        outcome.days_crisis_to_war.unwrap_or(0.0),
        outcome.peak_burden,
        outcome.arms_growth,
        f64::from(outcome.entrapments),
        f64::from(outcome.abandonments),
        f64::from(outcome.passed),
        outcome.war_years,
        outcome.arms_growth * outcome.arms_growth,
        f64::from(outcome.conquests),
        outcome.concentration,
    ]
}

/// A setup with numbers set: of the system (`group.field`), or of every state or dyad.
#[must_use]
pub fn changed(setup: &Setup, numbers: &[(&str, f64)]) -> Setup {
    let mut changed = setup.clone();
    for (path, value) in numbers {
        if path.contains('.') {
            set(&mut changed, path, *value);
        } else {
            set_all(&mut changed, path, *value);
        }
    }
    changed
}

/// Four unequal states in which every mechanism has something to do: one greedy, two allied, forts, trade, treaties, measures,
/// gestures, deliberation, an authority that punishes.
#[must_use]
pub fn busy() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(15.0);
    changed(
        &setup,
        &[
            ("open_skies", 0.3),
            ("hotline", 0.5),
            ("notification", 0.5),
            ("monitoring", 0.1),
            ("awareness", 0.2),
            ("mobilisation_days", 10.0),
            ("states.A.output", 180.0),
            ("states.A.greed", 0.4),
            ("states.B.fortification", 5.0),
            ("states.C.output", 60.0),
            ("states.D.unrest", 0.3),
            ("pairs.B-C.commitment", 0.7),
            ("pairs.A-B.distance", 900.0),
            ("dyads.C-D.claim", 0.2),
            ("technology.distinguishability", 0.3),
            ("technology.first_strike", 2.0),
            ("crisis.rate", 0.2),
            ("crisis.false_alarms", 0.2),
            ("prevention.horizon", 5.0),
            ("institutions.collective_security", 0.2),
            ("institutions.authority", 5.0),
            ("arms_control.negotiation", 0.5),
            ("arms_control.heavy_burden", 0.03),
            ("reassurance.gestures", 0.5),
            ("restraint.deliberation", 0.5),
            ("alignment.formation", 0.5),
        ],
    )
}

/// Caps that bind and are broken.
fn capped() -> Setup {
    changed(&busy(), &[("arms_cap", 20.0), ("arms_control.negotiation", 0.0)])
}

/// Submissive neighbours of unequal arms.
fn submissive() -> Setup {
    Setup { arming_rule: ArmingRule::Submissive, ..changed(&busy(), &[("states.A.arms", 60.0)]) }
}

/// War after war: what they cost, teach and decide comes back in the next one. Belief in attack is below parity, so that doctrine,
/// waiting and lessons differ.
fn warlike() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(20.0);
    changed(
        &setup,
        &[
            ("perceived_balance", 0.9),
            ("technology.first_strike", 2.8),
            ("game.war_cost", 0.2),
            ("crisis.rate", 0.3),
            ("pairs.A-B.commitment", 0.6),
            ("pairs.C-D.commitment", 0.6),
            ("dyads.A-C.claim", 0.2),
            ("institutions.collective_security", 0.3),
            ("war.decision_rate", 1.0),
            ("alignment.formation", 0.5),
            ("conquest.taking", 0.3),
            ("peace.truce", 0.5),
            ("peace.demilitarisation", 4.0),
            ("peace.settled_claims", 0.2),
            ("peace.revanche", 0.3),
        ],
    )
}

/// Everybody claims something of everybody, and wars move land: what a peace settles, and what it leaves, comes back.
fn claimed() -> Setup {
    let mut setup = changed(&warlike(), &[("claim", 0.3), ("conquest.taking", 0.8)]);
    setup.horizon = quarters(40.0);
    setup
}

/// Attack pays against who is unready, and arms are a choice: only the shadow of the future holds back.
fn tempted() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    setup.without.insert("war".to_string());
    changed(
        &setup,
        &[
            ("technology.first_strike", 3.5),
            ("game.war_cost", 0.05),
            ("game.relief", 0.9),
            ("arming.elasticity", 0.9),
            ("restraint.deliberation", 1.0),
        ],
    )
}

/// Programmes of arms that politics throws about, and a state that wants conquest.
fn restless() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    setup.without.insert("war".to_string());
    changed(&setup, &[("arming.politics", 0.5), ("arming.revision_time", 1.0), ("states.A.greed", 0.9)])
}

/// Two of three states are allied, and nobody fights: what they count on in each other moves what they arm.
fn leagued() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    setup.without.insert("war".to_string());
    changed(&setup, &[("pairs.B-C.commitment", 0.9), ("states.A.output", 160.0), ("arming.elasticity", 0.9)])
}

/// Peace hangs on what a mobilisation is taken to mean.
fn jumpy() -> Setup {
    changed(
        &seekers(&["A", "B", "C"]),
        &[("technology.first_strike", 2.1), ("crisis.false_alarms", 0.1), ("notification", 0.8), ("hotline", 0.3)],
    )
}

/// Half of the pairs hardly reach each other.
fn faint() -> Setup {
    let setup = seekers(&["A", "B", "C", "D"]);
    let reach = 1.25 * setup.parameters.geography.negligible;
    changed(
        &setup,
        &[("pairs.A-B.terrain", reach), ("pairs.C-D.terrain", reach), ("pairs.A-B.distance", 1.0), ("pairs.C-D.distance", 1.0)],
    )
}

/// Two rivals that build warheads against each other, half of them vulnerable, under an umbrella and a shield; a third looks on.
fn nuclear() -> Setup {
    changed(
        &seekers(&["A", "B", "C"]),
        &[
            ("technology.first_strike", 3.0),
            ("game.war_cost", 0.1),
            ("crisis.rate", 0.3),
            ("warheads", 20.0),
            ("survivable_share", 0.3),
            ("nuclear_share", 0.3),
            ("states.C.warheads", 0.0),
            ("states.C.nuclear_share", 0.0),
            ("pairs.B-C.commitment", 0.5),
            ("deterrence.destruction", 0.3),
            ("deterrence.assured", 40.0),
        ],
    )
}

/// A greedy state and one with a claim press a third again and again: crises end by concessions, and leave hostility.
fn pressed() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(25.0);
    changed(
        &setup,
        &[
            ("states.A.greed", 0.4),
            ("states.A.output", 160.0),
            ("dyads.B-C.claim", 0.3),
            ("awareness", 0.2),
            ("mobilisation_days", 10.0),
            ("crisis.rate", 0.3),
        ],
    )
}

/// Three seekers, one of whom believes in attack and one in defence.
fn of_two_minds() -> Setup {
    changed(&seekers(&["A", "B", "C"]), &[("states.A.perceived_balance", 1.6), ("states.B.perceived_balance", 0.7)])
}

/// Where to look, and for which parameters first: the beginnings of their paths.
fn worlds() -> Vec<Place> {
    let places: Vec<(&'static [&'static str], &'static str, Setup)> = vec![
        (&["geography.negligible"], "pairs that hardly reach each other", faint()),
        (
            &["observation"],
            "three seekers with forts",
            changed(&seekers(&["A", "B", "C"]), &[("fortification", 10.0), ("arming.elasticity", 0.9)]),
        ),
        (&["deterrence"], "two nuclear rivals and a third", nuclear()),
        (&["reciprocal_fear"], "three seekers who believe in attack, in defence and in neither", of_two_minds()),
        (&["peace.settled_claims", "peace.revanche"], "four seekers who all claim land, war after war", claimed()),
        (&["allies.in_attack", "allies.in_defence"], "three states without war, two of them allied", leagued()),
        (&["crisis.between_allies"], "four unequal states with every mechanism", busy()),
        (
            &[
                "concession",
                "hostility",
                "crisis",
                "beliefs.concession",
                "beliefs.usual",
                "beliefs.repeated",
                "arming.after_crisis",
            ],
            "three states, two of which press the third",
            pressed(),
        ),
        (&["arms_control.inspection", "arms_control.breach", "strike.noise"], "four unequal states under caps of arms", capped()),
        (&["arms_control.notice", "arms_control.hotline"], "three seekers with false alarms and hotlines", jumpy()),
        (&["restraint"], "three seekers for whom attack pays, no war", tempted()),
        (&["arming.submissiveness", "arming.sensitivity"], "four unequal states that arm submissively", submissive()),
        (
            &["geography"],
            "three seekers far apart",
            changed(&seekers(&["A", "B", "C"]), &[("distance", 1200.0), ("technology.first_strike", 3.0)]),
        ),
        (
            &["arming.ceiling_of_greed", "arming.persistence", "arming.build"],
            "three states without war, one greedy, whose programmes change often",
            restless(),
        ),
        (&["arms_control", "reassurance"], "four unequal states with every mechanism", busy()),
        (
            &[
                "war",
                "conquest",
                "alignment",
                "peace",
                "memory",
                "allies",
                "institutions",
                "beliefs.war",
                "beliefs.forgetting",
                "arming.custom",
            ],
            "four seekers, war after war",
            warlike(),
        ),
        (&[""], "four unequal states with every mechanism", busy()),
    ];
    places.into_iter().map(|(starts, about, setup)| Place { starts, about, setup }).collect()
}

/// Where twice as far as the judgement goes, or half as much again, is too little to see.
const WIDE: &[(&str, [f64; 2])] = &[
    ("reciprocal_fear.levels", [0.0, 10.0]),
    ("crisis.accident", [0.0, 0.5]),
    ("deterrence.assured", [0.0, 60.0]),
    ("memory.onlooker_weight", [0.0, 1.0]),
    ("beliefs.vulnerability", [0.0, 0.2]),
    ("beliefs.vulnerability_neutral", [0.0, 2.0]),
    ("conquest.taking", [0.0, 1.0]),
    ("conquest.collapse", [0.05, 1.0]),
    ("peace.settled_claims", [0.0, 1.0]),
    ("peace.revanche", [0.0, 2.0]),
    ("alignment.lapse", [0.0, 5.0]),
    ("war.output_loss", [0.0, 0.5]),
    ("institutions.authority", [0.0, 1000.0]),
    ("arms_control.notice_evidence", [0.0, 1.0]),
    ("allies.in_attack", [0.0, 1.0]),
    ("allies.in_defence", [0.0, 1.0]),
    ("concession.forgetting", [0.0, 2.0]),
    ("concession.claim_stake", [0.0, 3.0]),
    ("concession.greedy_stake", [0.0, 1.5]),
    ("beliefs.concession_evidence", [0.0, 1.5]),
];

/// Two values of a parameter: twice as far out as its judgement goes, or its value in the world and one beside it.
fn values(specification: &Specification, value: f64) -> [f64; 2] {
    if let Some((low, high)) = specification.judged {
        return [0.5 * low, 2.0 * high].map(|value| value.clamp(specification.low, specification.high));
    }
    let beside = if value == 0.0 { 1.0_f64 } else { 1.5 * value };
    [value, if beside <= specification.high { beside } else { 0.5 * value }]
}

/// What differs most, in standard errors, between the same histories of two worlds: what it is, the second minus the first, and z.
fn largest(one: &[Outcome], two: &[Outcome], end: f64) -> (&'static str, f64, f64) {
    let mut best = ("nothing", 0.0, 0.0);
    for (position, output) in OUTPUTS.into_iter().enumerate() {
        let (difference, error) = paired(one, two, |outcome| outputs(outcome, end)[position]);
        // What moves every history by the same has no error at all.
        let z = if difference == 0.0 { 0.0 } else { (difference / error).abs() };
        if z > best.2 {
            best = (output, difference, z);
        }
    }
    best
}

/// What every mechanism moves most where it is switched off, in the order of the registry: in the first of the worlds of history, and then of
/// the invented ones, in which something moves by more than chance.
///
/// Where the first look shows nothing in any of them, a larger sample is taken of the world in which most moved.
#[must_use]
pub fn every_mechanism() -> Vec<SwitchedOff> {
    let of_history = ["pre-wwi", "pre-wwii", "cold-war", "ethnic-spiral"].map(|name| (name, scenario(name, &[]).setup));
    let invented = worlds().into_iter().map(|place| (place.about, place.setup));
    let places: Vec<(&'static str, Setup)> = of_history.into_iter().chain(invented).collect();
    let with: Vec<OnceLock<Vec<Outcome>>> = places.iter().map(|_| OnceLock::new()).collect();
    let moved = |mechanism: &'static str| {
        let look = |place: usize, histories: u32| {
            let (world, setup) = &places[place];
            let mut without = setup.clone();
            without.without.insert(mechanism.to_string());
            // The histories with every mechanism are simulated once, for all mechanisms.
            let again = (histories > FIRST_LOOK).then(|| outcomes(setup, SEED, histories));
            let with = again.as_deref().unwrap_or_else(|| with[place].get_or_init(|| outcomes(setup, SEED, FIRST_LOOK)));
            let (output, difference, z) = largest(with, &outcomes(&without, SEED, histories), setup.horizon.end);
            SwitchedOff { mechanism, world, output, difference, z, histories }
        };
        let mut best = (0, look(0, FIRST_LOOK));
        for place in 1..places.len() {
            if best.1.beyond_chance() {
                return best.1;
            }
            let found = look(place, FIRST_LOOK);
            if found.z > best.1.z {
                best = (place, found);
            }
        }
        if best.1.beyond_chance() { best.1 } else { look(best.0, SECOND_LOOK) }
    };
    REGISTRY.iter().map(|entry| moved(entry.name)).collect()
}

/// What a parameter moves most, in the first world that is meant for it. Where the first look shows nothing, a larger sample is taken.
fn moves(places: &[Place], group: usize, field: usize) -> Moved {
    let specification = &Parameters::GROUPS[group].1[field];
    let path = format!("{}.{}", Parameters::GROUPS[group].0, specification.name);
    let meant = |place: &&Place| place.starts.iter().any(|start| path.starts_with(start));
    // The last place is meant for every path.
    let place = places.iter().find(meant).unwrap_or(&places[places.len() - 1]);
    let wide = WIDE.iter().find(|(name, _)| *name == path).map(|(_, values)| *values);
    let values = wide.unwrap_or_else(|| self::values(specification, place.setup.parameters.get(group, field)));
    let nothing = |histories: u32| Moved {
        path: path.clone(),
        values,
        world: place.about,
        output: "nothing",
        difference: 0.0,
        z: 0.0,
        histories,
    };
    let mut best = nothing(0);
    for histories in SAMPLES {
        let [one, two] = values.map(|value| outcomes(&changed(&place.setup, &[(&path, value)]), SEED, histories));
        let (output, difference, z) = largest(&one, &two, place.setup.horizon.end);
        best = Moved { output, difference, z, ..nothing(histories) };
        if best.beyond_chance() {
            break;
        }
    }
    best
}

/// What one parameter moves most; `None` where no parameter has this path.
#[must_use]
pub fn parameter(path: &str) -> Option<Moved> {
    let (name, field) = path.split_once('.')?;
    let group = Parameters::GROUPS.iter().position(|(group, _)| *group == name)?;
    let field = Parameters::GROUPS[group].1.iter().position(|specification| specification.name == field)?;
    Some(moves(&worlds(), group, field))
}

/// What every parameter of every mechanism moves most, in the order of the registry.
#[must_use]
pub fn every_parameter() -> Vec<Moved> {
    let places = worlds();
    let all: Vec<(usize, usize)> = (0..Parameters::GROUPS.len())
        .flat_map(|group| (0..Parameters::GROUPS[group].1.len()).map(move |field| (group, field)))
        .collect();
    all.par_iter().map(|&(group, field)| moves(&places, group, field)).collect()
}
