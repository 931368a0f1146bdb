//! Every mechanism switched off by its name: the world becomes what its page says, and with it on it is another one.

use spiral_model::Setup;
use spiral_model::mechanisms::REGISTRY;
use spiral_model::outcome::EventKind;
use spiral_model::setup::{Ending, Interpolation, Track};
use spiral_model::{Event, Motive};
use spiral_testkit::tiny::{Seen, quarters, seekers, set, set_all, watch};

use super::{assert_different, assert_same, scenario, without};

const HISTORIES: u32 = 16;

/// What each is without, by the name that switches it off.
const ROWS: &[(&str, fn())] = &[
    ("geography", distance_costs_nothing),
    ("technology", no_side_has_the_advantage),
    ("contest", every_contest_is_even),
    ("observation", arms_are_seen_without_error),
    ("beliefs", beliefs_stay_at_the_prior),
    ("hostility", crises_leave_no_hostility),
    ("threat", nobody_feels_threatened),
    ("deterrence", warheads_deter_nobody_and_none_are_built),
    ("game", nobody_gains_by_a_strike),
    ("strike", nobody_strikes_or_mobilises),
    ("reciprocal_fear", nobody_fears_being_struck),
    ("prevention", nobody_looks_ahead),
    ("arming", arms_stay_as_they_are),
    ("posture", the_mix_of_arms_stays),
    ("crisis", no_crises_not_even_scripted_ones),
    ("concession", nobody_gives_way),
    ("allies", nobody_joins_and_nobody_counts_on_it),
    ("alignment", only_the_scenario_makes_allies),
    ("war", crises_without_war),
    ("conquest", wars_leave_the_map),
    ("peace", a_peace_leaves_quarrels_as_they_are),
    ("memory", belief_is_doctrine),
    ("institutions", no_collective_security),
    ("trade", trade_counts_for_nothing),
    ("arms_control", no_promise_binds_and_no_measure_calms),
    ("reassurance", nobody_makes_a_gesture),
    ("restraint", every_threat_is_answered),
    ("timeline", nothing_is_dated_but_output),
];

#[test]
fn without_it_the_world_is_what_its_page_says() {
    let names: Vec<&str> = REGISTRY.iter().map(|entry| entry.name).collect();
    let rows: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    assert_eq!(rows, names, "one row a mechanism, in the order of the registry");
    let mut failed = Vec::new();
    for (name, check) in ROWS {
        if std::panic::catch_unwind(check).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "off is not what the page says: {failed:?}; what each found stands above");
}

/// Four states, unequal and restless: one of them greedy, two of them allied, crises often, wars that end.
fn restless() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    for (path, value) in [
        ("states.A.output", 180.0),
        ("states.A.greed", 0.3),
        ("states.B.fortification", 5.0),
        ("states.C.output", 60.0),
        ("pairs.B-C.commitment", 0.7),
        ("pairs.A-B.distance", 900.0),
        ("dyads.C-D.claim", 0.2),
        ("crisis.rate", 0.3),
    ] {
        set(&mut setup, path, value);
    }
    setup
}

fn with(setup: &Setup, path: &str, value: f64) -> Setup {
    let mut changed = setup.clone();
    set(&mut changed, path, value);
    changed
}

fn with_all(setup: &Setup, field: &str, value: f64) -> Setup {
    let mut changed = setup.clone();
    set_all(&mut changed, field, value);
    changed
}

fn seen(setup: &Setup) -> Vec<Seen> {
    watch::<16>(setup, 1, HISTORIES)
}

fn events(histories: &[Seen]) -> impl Iterator<Item = &Event> {
    histories.iter().flat_map(|history| &history.events)
}

fn count(histories: &[Seen], kind: EventKind) -> usize {
    events(histories).filter(|event| event.kind == kind).count()
}

fn wars(histories: &[Seen]) -> u32 {
    histories.iter().map(|history| history.outcome.wars).sum()
}

/// With it off two worlds are one; with it on they are two.
#[track_caller]
fn no_longer_matters(name: &str, one: &Setup, two: &Setup) {
    assert_same(&without(one, &[name]), &without(two, &[name]), HISTORIES, &format!("without {name}"));
    assert_different(one, two, HISTORIES, &format!("with {name}"));
}

/// Every value of a metric of every state.
fn values(histories: &[Seen], metric: usize) -> impl Iterator<Item = (&Seen, usize, f64)> {
    histories.iter().flat_map(move |history| {
        history
            .frames
            .iter()
            .flat_map(move |frame| frame.states.iter().enumerate().map(move |(state, metrics)| (history, state, metrics[metric])))
    })
}

fn distance_costs_nothing() {
    let near = with_all(&restless(), "distance", 300.0);
    no_longer_matters("geography", &near, &with_all(&restless(), "distance", 2500.0));
    // Terrain has a date all the same.
    let target = restless().resolve("pairs.A-B.terrain").expect("a path")[0];
    let opened =
        Setup { tracks: vec![Track { target, points: vec![(10.0, 0.05)], interpolation: Interpolation::Step }], ..restless() };
    assert_different(&without(&restless(), &["geography"]), &without(&opened, &["geography"]), HISTORIES, "dated terrain");
}

fn no_side_has_the_advantage() {
    let one = with(&with(&restless(), "technology.balance", 3.0), "technology.distinguishability", 0.9);
    let plain = [("technology.balance", 0.5), ("technology.first_strike", 1.0), ("technology.distinguishability", 0.0)];
    let two = plain.iter().fold(restless(), |setup, (path, value)| with(&setup, path, *value));
    assert_eq!(two.parameters.technology.reference_balance, 0.5);
    no_longer_matters("technology", &one, &two);
    assert_same(&without(&one, &["technology"]), &two, HISTORIES, "technology off is a plain technology");
}

fn every_contest_is_even() {
    let telling = |event: &&Event| [EventKind::Crisis, EventKind::Strike, EventKind::Victory].contains(&event.kind);
    let (off, on) = (seen(&without(&restless(), &["contest"])), seen(&restless()));
    assert!(count(&off, EventKind::Crisis) > 50, "{} crises", count(&off, EventKind::Crisis));
    for event in events(&off).filter(telling) {
        assert_eq!(event.first_strike_win, 0.5, "{event:?}");
    }
    assert!(events(&on).filter(telling).any(|event| (event.first_strike_win - 0.5).abs() > 0.05));
    // Even odds are a vulnerability of one half, and unrest comes on top: `v0 = ½` breeds no suspicion, more does.
    let mistrust = |unrest: f64| {
        let calm = with(&with(&restless(), "crisis.rate", 0.0), "beliefs.vulnerability", 0.2);
        let off = seen(&without(&with_all(&calm, "unrest", unrest), &["contest", "arming"]));
        values(&off, 4).filter(|(history, ..)| history.frames.len() > 1).map(|(.., mistrust)| mistrust).sum::<f64>()
    };
    let (without_unrest, with_unrest) = (mistrust(0.0), mistrust(1.0));
    assert!(with_unrest > 1.5 * without_unrest, "mistrust {without_unrest} without unrest, {with_unrest} with");
}

fn arms_are_seen_without_error() {
    no_longer_matters(
        "observation",
        &with(&restless(), "observation.arms_noise", 0.0),
        &with(&restless(), "observation.arms_noise", 2.0),
    );
    let growth = |noise| with(&restless(), "observation.growth_noise", noise);
    no_longer_matters("observation", &growth(0.0), &growth(1.0));
    let base = |share| with(&restless(), "observation.fortress_as_base", share);
    no_longer_matters("observation", &base(0.0), &base(1.0));
}

fn beliefs_stay_at_the_prior() {
    let (off, on) = (seen(&without(&restless(), &["beliefs"])), seen(&restless()));
    let prior = restless().parameters.beliefs.suspicion;
    for (_, state, mistrust) in values(&off, 4) {
        assert!((mistrust - prior).abs() < 1e-15, "state {state} holds {mistrust}, the prior is {prior}");
    }
    assert!(wars(&off) > 0, "not even a war changes beliefs, but there was none");
    assert!(values(&on, 4).any(|(_, _, mistrust)| (mistrust - prior).abs() > 0.05));
}

fn crises_leave_no_hostility() {
    let mut lasting = restless();
    for path in ["hostility.firm", "hostility.humbled", "hostility.mobilised", "hostility.war"] {
        set(&mut lasting, path, 1.0);
    }
    set(&mut lasting, "hostility.decay", 0.0);
    no_longer_matters("hostility", &restless(), &lasting);
}

fn nobody_feels_threatened() {
    let (off, on) = (seen(&without(&restless(), &["threat"])), seen(&restless()));
    assert!(values(&off, 3).all(|(_, _, threat)| threat == 0.0));
    assert!(values(&on, 3).any(|(_, _, threat)| threat > 1.0));
}

fn warheads_deter_nobody_and_none_are_built() {
    let armed = |share: f64| with_all(&with_all(&restless(), "warheads", 100.0), "survivable_share", share);
    no_longer_matters("deterrence", &armed(0.0), &armed(1.0));
    // A shield counts for nothing either, and a stock that would be built stays as it is.
    no_longer_matters("deterrence", &armed(0.5), &with_all(&armed(0.5), "interception", 0.9));
    let building = with_all(&armed(0.5), "nuclear_share", 0.2);
    let (off, on) = (seen(&without(&building, &["deterrence"])), seen(&building));
    assert!(values(&off, 6).all(|(_, _, warheads)| warheads == 100.0));
    assert!(values(&on, 6).any(|(_, _, warheads)| (warheads - 100.0).abs() > 10.0), "stocks move where they are built");
    let same =
        |one: &[Seen], two: &[Seen]| one.iter().zip(two).all(|(a, b)| format!("{:?}", a.outcome) == format!("{:?}", b.outcome));
    assert!(same(&off, &seen(&restless())), "off is a world without warheads");
    assert!(same(&seen(&with_all(&restless(), "survivable_share", 1.0)), &seen(&restless())), "no warheads, no deterrence");
}

fn nobody_gains_by_a_strike() {
    // What a war would cost a state beyond the payoffs, and only the state itself knows, is made nothing.
    let off = seen(&with(&without(&restless(), &["game"]), "strike.cost_spread", 1e-4));
    let on = seen(&restless());
    let best = events(&off).filter(|event| event.kind == EventKind::Crisis).map(|event| event.strike_advantage);
    let best = best.fold(f64::NEG_INFINITY, f64::max);
    // Harmony: R = 1, all else 0, so a strike is worth −(1 − π).
    assert!(best <= -0.99, "the best strike is worth {best}");
    assert_eq!(wars(&off), 0);
    let dilemmas = |histories: &[Seen]| histories.iter().flat_map(|h| &h.frames).any(|f| f.system[1] > 0.0 || f.system[2] > 0.0);
    assert!(!dilemmas(&off) && dilemmas(&on), "only harmony without the game");
    assert!(wars(&on) > 0);
}

fn nobody_strikes_or_mobilises() {
    let (off, on) = (seen(&without(&restless(), &["strike"])), seen(&restless()));
    assert_eq!((count(&off, EventKind::Strike), count(&off, EventKind::Mobilisation), wars(&off)), (0, 0, 0));
    assert!(count(&off, EventKind::Crisis) > 50, "crises come all the same");
    assert!(count(&on, EventKind::Strike) > 0 && count(&on, EventKind::Mobilisation) > 0);
}

fn nobody_fears_being_struck() {
    let (off, on) = (seen(&without(&restless(), &["reciprocal_fear"])), seen(&restless()));
    let afraid = |histories: &[Seen]| {
        let telling = events(histories).filter(|event| [EventKind::Crisis, EventKind::Strike].contains(&event.kind));
        telling.filter(|event| event.fear != 0.0 || event.motive == Some(Motive::Preemption)).count()
    };
    assert_eq!(afraid(&off), 0);
    assert!(afraid(&on) > 0);
    let none = with(&restless(), "reciprocal_fear.levels", 0.0);
    assert_same(&without(&restless(), &["reciprocal_fear"]), &none, HISTORIES, "off is no reasoning at all");
}

fn nobody_looks_ahead() {
    // A rising neighbour, and little to gain by a first strike.
    let mut rising = with(&restless(), "states.D.output", 40.0);
    rising.tracks.push(Track {
        target: rising.resolve("states.D.output").expect("a path")[0],
        points: vec![(0.0, 40.0), (20.0, 400.0)],
        interpolation: spiral_model::setup::Interpolation::Geometric,
    });
    let rising = with(&rising, "prevention.horizon", 10.0);
    let prevention = |setup: &Setup| events(&seen(setup)).filter(|event| event.motive == Some(Motive::Prevention)).count();
    assert_eq!(prevention(&without(&rising, &["prevention"])), 0);
    assert!(prevention(&rising) > 0, "no preventive strike where a neighbour rises");
    no_longer_matters("prevention", &rising, &with(&rising, "prevention.horizon", 0.0));
    let short = with(&rising, "prevention.horizon", 0.0);
    assert_same(&without(&rising, &["prevention"]), &short, HISTORIES, "off is a horizon of nothing");
}

fn arms_stay_as_they_are() {
    let (off, on) = (seen(&without(&restless(), &["arming"])), seen(&restless()));
    let moved = |histories: &[Seen]| {
        let peaceful = histories.iter().flat_map(|h| h.frames.iter().filter(|f| f.at_peace).map(move |f| (h, f)));
        peaceful.filter(|(h, f)| (0..4).any(|s| f.states[s][0] != h.frames[0].states[s][0])).count()
    };
    assert_eq!(moved(&off), 0, "arms moved in peace");
    assert!(moved(&on) > 100);
    assert!(wars(&off) > 0, "wars come all the same");
    // Nobody sees arms grow because output grew in the first year.
    let target = restless().resolve("states.A.output").expect("a path")[0];
    let points = vec![(0.0, 180.0), (1.0, 240.0), (20.0, 240.0)];
    let calm = with(&with_all(&restless(), "arms", 30.0), "crisis.rate", 0.0);
    let growing = Setup { tracks: vec![Track { target, points, interpolation: Interpolation::Linear }], ..calm.clone() };
    let last = |setup: &Setup| seen(&without(setup, &["arming"]))[0].frames.last().expect("a look").states[1][4];
    let (of_growing, of_constant) = (last(&growing), last(&calm));
    assert!((of_growing - of_constant).abs() < 0.02, "mistrust {of_growing} where output grows, {of_constant} where not");
}

fn the_mix_of_arms_stays() {
    let (off, on) = (seen(&without(&restless(), &["posture"])), seen(&restless()));
    for (history, state, share) in values(&off, 2) {
        assert_eq!(share, history.frames[0].states[state][2], "state {state}");
    }
    // A gesture of building only defence is one of its tick.
    let telling = with(&with(&restless(), "technology.distinguishability", 0.9), "reassurance.gestures", 4.0);
    let shares = seen(&without(&telling, &["posture"]));
    let least = values(&shares, 2).map(|(.., share)| share).fold(1.0, f64::min);
    assert!(least > 0.2, "an offensive share of {least}");
    // Doctrine moves, and so does the mix where it is chosen.
    let moved = values(&on, 2).filter(|(history, state, share)| (share - history.frames[0].states[*state][2]).abs() > 0.01);
    assert!(moved.count() > 0, "wars teach, and the mix follows");
}

fn no_crises_not_even_scripted_ones() {
    let mut setup = scenario("pre-wwi");
    setup.ending = Ending::Never;
    let (off, on) = (seen(&without(&setup, &["crisis"])), seen(&setup));
    assert!(off.iter().all(|history| history.outcome.crises == 0 && history.events.is_empty()));
    assert!(count(&on, EventKind::Crisis) > 100);
}

fn nobody_gives_way() {
    let (off, on) = (seen(&without(&restless(), &["concession"])), seen(&restless()));
    assert_eq!(count(&off, EventKind::Concession), 0);
    assert!(count(&on, EventKind::Concession) > 0, "nobody gives way with it on either");
    // A crisis that is not settled becomes a war.
    let begun = count(&off, EventKind::Crisis) + count(&off, EventKind::FalseAlarm);
    let ended = count(&off, EventKind::Settlement) + wars(&off) as usize;
    assert_eq!(begun, ended, "crises that begin, and that are settled or become wars");
    // What is demanded, and what backing down costs, is nothing to anybody then.
    for (path, value) in [("concession.base_stake", 1.0), ("concession.loss_share", 0.0), ("concession.audience", 2.0)] {
        no_longer_matters("concession", &restless(), &with(&restless(), path, value));
    }
}

fn nobody_joins_and_nobody_counts_on_it() {
    let alliances = |bond| with(&restless(), "pairs.B-C.commitment", bond);
    // Commitments calm (E4) and make crises rarer (E13) all the same: what they add to odds and wars is this mechanism's.
    let unfelt = |bond| without(&with(&alliances(bond), "crisis.between_allies", 1.0), &["threat"]);
    no_longer_matters("allies", &unfelt(0.0), &unfelt(0.9));
    let (off, on) = (seen(&without(&alliances(0.9), &["allies"])), seen(&alliances(0.9)));
    assert!(wars(&off) > 0);
    assert_eq!((count(&off, EventKind::Joining), count(&off, EventKind::Abandonment)), (0, 0));
    assert!(off.iter().all(|history| history.outcome.passed == 0), "nobody is let down where nobody is counted on");
    assert!(count(&on, EventKind::Joining) > 0);
}

fn crises_without_war() {
    let (off, on) = (seen(&without(&restless(), &["war"])), seen(&restless()));
    assert_eq!((wars(&off), count(&off, EventKind::Strike), count(&off, EventKind::Victory)), (0, 0, 0));
    let (begun, over) =
        (count(&off, EventKind::Crisis) + count(&off, EventKind::FalseAlarm), [EventKind::Settlement, EventKind::Concession]);
    assert_eq!(begun, over.iter().map(|kind| count(&off, *kind)).sum::<usize>(), "crises come and are settled");
    assert!(off.iter().flat_map(|history| &history.frames).all(|frame| frame.at_peace));
    assert!(wars(&on) > 0);
}

/// Three neighbours of one large greedy state that have no alliance in the beginning.
fn threatened() -> Setup {
    let mut setup = with_all(&restless(), "commitment", 0.0);
    for (path, value) in [("states.A.output", 400.0), ("states.A.greed", 0.8), ("beliefs.suspicion", 0.3)] {
        set(&mut setup, path, value);
    }
    setup
}

fn only_the_scenario_makes_allies() {
    let forming = with(&threatened(), "alignment.formation", 1.0);
    let (off, on) = (seen(&without(&forming, &["alignment"])), seen(&forming));
    // The endangered may join without an alliance; allies join more often.
    assert_eq!(count(&off, EventKind::Alliance), 0);
    let (with, by_danger) = (count(&on, EventKind::Joining), count(&off, EventKind::Joining));
    assert!(count(&on, EventKind::Alliance) > 0 && with > by_danger, "with it allies form and join: {with}, {by_danger}");
    // Who shares the threat allies; nobody allies with the threat itself.
    let with_the_threat = events(&on).filter(|event| event.kind == EventKind::Alliance && event.actor == 0).count();
    assert!(with_the_threat * 4 < count(&on, EventKind::Alliance), "{with_the_threat} of {}", count(&on, EventKind::Alliance));
    assert_same(&without(&forming, &["alignment"]), &threatened(), HISTORIES, "off is η_+ = 0");
    assert_same(&without(&restless(), &["alignment"]), &restless(), HISTORIES, "off is η_+ = 0, with allies of the scenario");
}

fn wars_leave_the_map() {
    let taking = with(&restless(), "conquest.taking", 1.0);
    let (off, on) = (seen(&without(&taking, &["conquest"])), seen(&taking));
    assert!(count(&off, EventKind::Victory) > 0);
    assert_eq!((count(&off, EventKind::Annexation), count(&off, EventKind::Conquest)), (0, 0));
    assert!(count(&on, EventKind::Annexation) > 0, "with it victors take");
    assert_same(&without(&taking, &["conquest"]), &restless(), HISTORIES, "off is Γ = 0");
}

fn a_peace_leaves_quarrels_as_they_are() {
    let mut terms = with(&restless(), "conquest.taking", 1.0);
    let plain = terms.clone();
    for (path, value) in
        [("peace.truce", 5.0), ("peace.demilitarisation", 5.0), ("peace.settled_claims", 0.5), ("peace.revanche", 1.0)]
    {
        // Each of the four moves something.
        assert_different(&with(&plain, path, value), &plain, HISTORIES, path);
        set(&mut terms, path, value);
    }
    assert_same(&without(&terms, &["peace"]), &plain, HISTORIES, "off is no terms");
    no_longer_matters("peace", &plain, &terms);
}

fn belief_is_doctrine() {
    let mut setup = scenario("pre-wwi");
    setup.ending = Ending::Never;
    let (off, on) = (seen(&without(&setup, &["memory"])), seen(&setup));
    assert!(wars(&off) > 0, "not even a war teaches, but there was none");
    let away = |histories: &[Seen]| {
        let mut worst = 0.0_f64;
        for (tick, frame) in histories.iter().flat_map(|history| history.frames.iter().enumerate().skip(1)) {
            // The tick that ends here began with this doctrine.
            let date = setup.horizon.date(tick as u32 - 1);
            for (state, metrics) in frame.states.iter().enumerate() {
                let target = setup.resolve(&format!("states.{}.perceived_balance", setup.states[state].code)).expect("a path")[0];
                let track = setup.tracks.iter().find(|track| track.target == target);
                let doctrine = track.map_or(setup.get(target), |track| track.value(date, setup.get(target)));
                worst = worst.max((metrics[5] - doctrine).abs());
            }
        }
        worst
    };
    assert_eq!(away(&off), 0.0);
    assert!(away(&on) > 0.1, "with memory belief is {} away from doctrine at most", away(&on));
}

fn no_collective_security() {
    let security = |kappa| with(&restless(), "institutions.collective_security", kappa);
    no_longer_matters("institutions", &security(0.0), &security(0.9));
    assert_same(&without(&security(0.9), &["institutions"]), &security(0.0), HISTORIES, "off is κ = 0");
}

fn trade_counts_for_nothing() {
    no_longer_matters("trade", &with_all(&restless(), "trade", 0.0), &with_all(&restless(), "trade", 0.4));
    assert_same(&without(&restless(), &["trade"]), &with_all(&restless(), "trade", 0.0), HISTORIES, "off is no trade");
}

fn no_promise_binds_and_no_measure_calms() {
    let name = "arms_control";
    no_longer_matters(name, &restless(), &with_all(&restless(), "arms_cap", 20.0));
    no_longer_matters(name, &restless(), &with_all(&restless(), "offence_cap", 5.0));
    // However light the burdens are.
    let light = with(&restless(), "arms_control.heavy_burden", 0.0);
    no_longer_matters(name, &light, &with(&light, "arms_control.negotiation", 1.0));
    for measure in ["open_skies", "hotline", "notification"] {
        no_longer_matters(name, &restless(), &with_all(&restless(), measure, 1.0));
    }
    assert_same(&without(&restless(), &[name]), &restless(), HISTORIES, "off is no treaty and no measure");
}

fn nobody_makes_a_gesture() {
    no_longer_matters("reassurance", &restless(), &with(&restless(), "reassurance.gestures", 2.0));
    assert_same(&without(&restless(), &["reassurance"]), &restless(), HISTORIES, "off is no gesture");
}

fn every_threat_is_answered() {
    no_longer_matters("restraint", &restless(), &with(&restless(), "restraint.deliberation", 1.0));
    assert_same(&without(&restless(), &["restraint"]), &restless(), HISTORIES, "off is no choice");
}

fn nothing_is_dated_but_output() {
    let setup = scenario("pre-wwi");
    assert!(setup.tracks.iter().any(|track| !setup.is_output(track.target)) && !setup.incidents.is_empty());
    let mut undated = setup.clone();
    undated.tracks.retain(|track| setup.is_output(track.target));
    undated.incidents.clear();
    assert_same(&without(&setup, &["timeline"]), &undated, HISTORIES, "off is no timeline");
    assert_different(&setup, &undated, HISTORIES, "with the timeline");
    let frozen = Setup { tracks: Vec::new(), ..undated.clone() };
    assert_different(&undated, &frozen, HISTORIES, "output grows all the same");
}

/// A scripted crisis comes on its day in every history that is still running and in which its principals are at peace.
#[test]
fn a_scripted_crisis_comes_on_its_day() {
    let mut setup = Setup::complete("scripted", quarters(5.0), &["A", "B", "C"]);
    set(&mut setup, "crisis.rate", 0.0);
    set(&mut setup, "crisis.false_alarms", 0.0);
    let what = "what the scenario says".to_string();
    setup.incidents = vec![spiral_model::setup::Incident { date: 3.4375, what, crisis: Some((2, 0)) }];
    let all = seen(&setup);
    for history in &all {
        let begun: Vec<(f64, u32, u32)> = history
            .events
            .iter()
            .filter(|event| event.kind == EventKind::Crisis)
            .map(|event| (event.date, event.actor, event.target))
            .collect();
        assert_eq!(begun, [(3.4375, 2, 0)]);
    }
}

/// Two crises of one pair in one tick have draws of their own: the second need not go as the first.
#[test]
fn crises_of_one_pair_in_one_tick_are_different() {
    let mut setup = seekers(&["A", "B"]);
    setup.ending = Ending::Never;
    set(&mut setup, "crisis.rate", 0.0);
    set(&mut setup, "crisis.false_alarms", 0.0);
    let scripted = |date: f64| spiral_model::setup::Incident { date, what: "twice".to_string(), crisis: Some((0, 1)) };
    setup.incidents = vec![scripted(3.26), scripted(3.45)];
    let all = watch::<16>(&setup, 1, 200);
    let (mut twice, mut alike) = (0, 0);
    for history in &all {
        let course = |crisis: u32| -> Vec<(u16, EventKind, u32)> {
            let own = history.events.iter().filter(|event| event.crisis == crisis);
            own.map(|event| (event.day, event.kind, event.actor)).collect()
        };
        if history.outcome.crises == 2 {
            twice += 1;
            alike += u32::from(course(1) == course(2));
        }
    }
    assert!(twice > 100, "{twice} histories of 200 with two crises");
    assert!(5 * alike < twice, "in {alike} of {twice} the second goes as the first");
}

/// Any mechanisms may be off together: none leans on another being there.
#[test]
fn any_two_may_be_off_together_and_any_two_may_be_on_alone() {
    let setup = Setup { horizon: quarters(2.0), ..with(&restless(), "crisis.rate", 2.0) };
    let names: Vec<&str> = REGISTRY.iter().map(|entry| entry.name).collect();
    for (position, one) in names.iter().enumerate() {
        for two in &names[position..] {
            let rest: Vec<&str> = names.iter().copied().filter(|name| name != one && name != two).collect();
            for off in [vec![*one, *two], rest] {
                for history in watch::<16>(&without(&setup, &off), 1, 2) {
                    assert_eq!(history.outcome.failure, None, "without {off:?}");
                    assert_eq!(history.frames.len(), 9, "without {off:?}");
                }
            }
        }
    }
}
