//! The engine: lanes, instruction sets, blocks, registration.

use spiral_kernel::dispatch::InstructionSet;
use spiral_model::mechanisms::REGISTRY;
use spiral_model::world::LARGE;
use spiral_model::{Setup, Simulation};
use spiral_study::{KeptRows, Plan, Point, Request, Silent, StudyKind};
use spiral_testkit::tiny::{Seen, chequerboard, difference, quarters, seekers, set, set_all, watch, watch_block};

use super::{WORLDS, scenario};

/// Not a multiple of any width but 1: the last block has surplus lanes.
const HISTORIES: u32 = 21;
const SEED: u64 = 3;

fn assert_same(expected: &[Seen], found: &[Seen], what: &str) {
    assert_eq!(expected.len(), found.len(), "{what}");
    for (one, two) in expected.iter().zip(found) {
        let difference = difference(one, two);
        assert!(difference.is_none(), "{what}: history {}: {}", one.outcome.history, difference.unwrap_or_default());
    }
}

#[test]
fn lanes_change_no_bit() {
    let mut wars = 0;
    for name in WORLDS {
        let setup = scenario(name);
        let alone = watch::<1>(&setup, SEED, HISTORIES);
        assert_same(&alone, &watch::<16>(&setup, SEED, HISTORIES), &format!("{name}, 16 lanes"));
        wars += alone.iter().map(|seen| seen.outcome.wars).sum::<u32>();
    }
    assert!(wars > 20, "{wars} wars are too few to show a difference");
}

/// The limit holds for the whole process. Other tests may run meanwhile: no result depends on it, which is what this one shows.
#[test]
fn instruction_sets_change_no_bit() {
    for name in WORLDS {
        let setup = scenario(name);
        let mut tried = Vec::new();
        let mut expected: Option<Vec<Seen>> = None;
        for highest in [InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512] {
            let used = InstructionSet::limit(highest);
            if tried.contains(&used) {
                continue;
            }
            tried.push(used);
            let found = watch::<16>(&setup, SEED, HISTORIES);
            match &expected {
                None => expected = Some(found),
                Some(expected) => assert_same(expected, &found, &format!("{name} on {used:?} against {tried:?}")),
            }
        }
        assert_eq!(InstructionSet::limit(InstructionSet::Avx512), InstructionSet::best());
        assert_eq!(tried.first(), Some(&InstructionSet::Baseline), "{tried:?}");
        assert_eq!(tried.last(), Some(&InstructionSet::best()), "{tried:?}");
    }
}

/// Blocks of one world that is used again, in any order, against a fresh world for every block.
#[test]
fn the_order_of_blocks_and_the_use_of_a_world_change_no_bit() {
    for name in WORLDS {
        let setup = scenario(name);
        let fresh: Vec<Seen> =
            (0..6).flat_map(|block| watch_block(&mut Simulation::<16>::new(&setup), SEED, block * 16)).collect();
        let mut used = Simulation::<16>::new(&setup);
        for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2]] {
            for block in order {
                let again = watch_block(&mut used, SEED, block * 16);
                assert_same(&fresh[block as usize * 16..][..16], &again, &format!("{name}, block {block} of {order:?}"));
            }
        }
        // Another seed in between, stopped half-way, leaves nothing behind.
        used.reset(SEED + 1, 77, true);
        for _ in 0..setup.horizon.ticks() / 2 {
            used.step(true);
        }
        assert_same(&fresh[..16], &watch_block(&mut used, SEED, 0), &format!("{name}, after another seed"));
        assert!(difference(&watch_block(&mut used, SEED + 1, 0)[0], &fresh[0]).is_some(), "{name}: another seed must tell");
    }
}

#[test]
fn the_order_of_registration_changes_no_bit() {
    for name in WORLDS {
        let setup = scenario(name);
        let expected = watch::<16>(&setup, SEED, 16);
        let positions = REGISTRY.len();
        // Strides that share no factor with the number of mechanisms visit each once.
        let strides =
            (1..positions).filter(|stride| (2..=*stride).all(|factor| stride % factor > 0 || !positions.is_multiple_of(factor)));
        let mut orders = 0;
        for (turn, stride) in strides.enumerate() {
            let arrange = |order: &mut [usize]| {
                for (place, position) in order.iter_mut().enumerate() {
                    *position = (turn + place * stride) % positions;
                }
                let mut all = order.to_vec();
                all.sort_unstable();
                assert!(all.into_iter().eq(0..positions), "a permutation");
            };
            let mut simulation = Simulation::<16>::registered(&setup, arrange);
            assert_same(&expected, &watch_block(&mut simulation, SEED, 0), &format!("{name}, stride {stride} from {turn}"));
            orders += 1;
        }
        assert!(orders > 2, "{orders} orders of {positions} mechanisms");
    }
}

#[test]
fn a_history_alone_is_the_history_of_a_great_ensemble() {
    const ASKED: u32 = 4711;
    let setup = seekers(&["A", "B", "C"]);
    let alone = watch_block(&mut Simulation::<1>::new(&setup), SEED, ASKED).remove(0);
    let block = watch_block(&mut Simulation::<16>::new(&setup), SEED, ASKED - ASKED % 16);
    assert_same(std::slice::from_ref(&alone), &block[ASKED as usize % 16..][..1], "in its block");

    let point = Point { scenario: "seekers".to_string(), setup, request: Request::default() };
    let plan = Plan {
        kind: StudyKind::Ensemble,
        title: "seekers".to_string(),
        points: vec![point],
        histories: 4800,
        seed: SEED,
        through_war: false,
        events_for: u32::MAX,
        panel: None,
        uncertain: false,
        rows: KeptRows::All,
        csv: false,
        curves: true,
        sweep: None,
        attribution: None,
    };
    let study = spiral_study::in_memory(&plan, &Silent).expect("the study runs");
    let outcome = study.outcomes().expect("outcomes")[0][ASKED as usize];
    let events: Vec<_> = study.events().expect("events")[0].iter().filter(|event| event.history == ASKED).copied().collect();
    assert_eq!(format!("{:?}", alone.outcome), format!("{outcome:?}"));
    assert_eq!(format!("{:?}", alone.events), format!("{events:?}"));
    assert!(!events.is_empty(), "history {ASKED} must have events to compare");
}

/// A world that is parallel inside a tick: on any number of threads, and as one of several lanes, which is not.
#[test]
fn threads_inside_a_tick_change_no_bit() {
    let mut setup = chequerboard(71, quarters(2.0));
    set(&mut setup, "crisis.rate", 1.0);
    assert!(setup.dyads.len() >= LARGE, "{} dyads are too few to be parallel", setup.dyads.len());
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| watch::<1>(&setup, SEED, 2))
    };
    let alone = on(1);
    assert_same(&alone, &on(2), "2 threads");
    assert_same(&alone, &on(7), "7 threads");
    assert_same(&alone, &watch::<16>(&setup, SEED, 2), "16 lanes");
    let wars: u32 = alone.iter().map(|seen| seen.outcome.wars).sum();
    assert!(wars > 20, "{wars} wars are too few to show a difference");
}

/// Mechanisms off, in any number, must be as deterministic as on.
#[test]
fn lanes_change_no_bit_where_mechanisms_are_off() {
    let all = REGISTRY.iter().map(|entry| entry.name.to_string());
    for without in all {
        let setup = Setup { without: [without.clone()].into(), ..scenario("pre-wwi") };
        let setup = Setup { horizon: spiral_model::setup::Horizon { end: 1900.0, ..setup.horizon }, ..setup };
        assert_same(&watch::<1>(&setup, SEED, 5), &watch::<16>(&setup, SEED, 5), &format!("without {without}"));
    }
}

/// Treaties, gestures, restraint, alliances that form, conquest, terms of peace: nothing of it may pass from one history of a block to
/// another. Each by itself, with treaties of warheads only beside negotiated ones, and all together.
#[test]
fn lanes_change_no_bit_where_every_option_is_on() {
    let treaties: &[(&str, f64)] = &[
        ("states.A.warheads", 100.0),
        ("states.B.warheads", 100.0),
        ("pairs.A-B.warhead_cap", 60.0),
        ("arms_control.negotiation", 0.3),
    ];
    let options: [&[(&str, f64)]; 5] = [
        treaties,
        &[("reassurance.gestures", 2.0), ("restraint.deliberation", 1.0), ("technology.distinguishability", 0.5)],
        &[("conquest.taking", 0.6), ("alignment.formation", 0.5)],
        &[("peace.truce", 2.0), ("peace.demilitarisation", 10.0), ("peace.revanche", 1.0), ("peace.settled_claims", 0.5)],
        &[("dyads.A-C.offence_cap", 20.0), ("dyads.C-A.arms_cap", 40.0), ("arms_control.inspection", 0.5)],
    ];
    let all = options.concat();
    let mut wars = 0;
    for option in options.into_iter().chain([all.as_slice()]) {
        let mut setup = seekers(&["A", "B", "C"]);
        setup.ending = spiral_model::setup::Ending::Never;
        set(&mut setup, "crisis.rate", 1.0);
        set(&mut setup, "states.C.greed", 0.3);
        set_all(&mut setup, "contact", 1.0);
        set_all(&mut setup, "claim", 0.1);
        for (path, value) in option {
            set(&mut setup, path, *value);
        }
        let alone = watch::<1>(&setup, SEED, HISTORIES);
        assert_same(&alone, &watch::<16>(&setup, SEED, HISTORIES), &format!("16 lanes, {option:?}"));
        wars += alone.iter().map(|seen| seen.outcome.wars).sum::<u32>();
    }
    assert!(wars > 60, "{wars} wars are too few to show a difference");
}
