#![doc = include_str!("deterrence.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln};

use super::allies::Coalitions;
use super::arms_control::ForceCaps;
use super::{Concept, Entry, ExplainGroup, Parameters, not_below};
use crate::columns::{Rows, columns, table};
use crate::components::{DyadId, DyadInputsNow, Procurement, Retaliation, Roster, Shelter, StateId, StateInputsNow, Warheads};
use crate::description::{Described, described};
use crate::phases::{Arm, Clock, Perceive, Phase};

crate::parameters! {
    /// Nuclear deterrence.
    pub struct Deterrence {
        /// Loss of a state that is destroyed completely.
        destruction: "H", "share of own value", 0.0..=100.0, 3.0, 1.5..=6.0;
        /// Arriving warheads that leave 1/e of a state undestroyed.
        saturation: "N0", "count", 0.1..=100000.0, 150.0, 50.0..=400.0;
        /// Chance that a warhead destroys the vulnerable one it is aimed at.
        kill_probability: "p_k", "0..1", 0.0..=1.0, 0.8, 0.5..=0.95;
        /// How much of the deterrence of a nuclear war counts against a conventional one.
        shelter: "s_n", "0..1", 0.0..=1.0, 0.5, 0.2..=0.8;
        /// Warheads that must survive a first strike: assured destruction.
        assured: "n", "count", 0.0..=100000.0, 400.0, 100.0..=1000.0;
        /// Own warheads wanted for each vulnerable one of the other.
        counterforce: "τ", "1", 0.0..=10.0, 1.0, 0.5..=2.0;
        /// Price of a warhead with its carrier.
        warhead_price: "c_N", "billion int$", 0.0001..=1000.0, 0.05, 0.02..=0.15;
        /// Rate at which a gap between wanted and held warheads is closed.
        building: "η", "1/year", 0.0..=10.0, 0.3, 0.15..=0.6;
        /// Rate at which warheads wear out.
        warhead_wear: "α_N", "1/year", 0.0..=10.0, 0.05, 0.03..=0.1;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "deterrence",
    equation: "E12",
    phase: Phase::Perceive,
    explains: ExplainGroup::Technology,
    concepts: &[(
        Concept::Prediction,
        "States predict how many warheads would survive a first strike, and what damage those would do to them (E12).",
    )],
    components: &[Arsenals::DESCRIPTION],
    text: include_str!("deterrence.md"),
};

described! {
    /// Whether anybody can have warheads in this world, and whose stock the scenario dates.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Arsenals {
        /// Whether any state has warheads at some date, or may build them.
        pub any: bool,
        /// By state: whether the scenario gives its stock by date, so that none are built.
        pub dated: Vec<bool>,
    }
}

/// E12: warheads that survive a first strike by `attackers` warheads. With at least one for each, all that are left over are aimed
/// again; with fewer, as many are struck.
#[inline(always)]
#[must_use]
pub fn survivors(warheads: f64, survivable_share: f64, attackers: f64, kill_probability: f64) -> f64 {
    let each = attackers / not_below(warheads);
    let missed_by_one = 1.0 - kill_probability;
    // What a warhead never misses is not missed by several; `ln 0` has no use.
    let several = exp(each * ln(not_below(missed_by_one)));
    let missed = if each < 1.0 { 1.0 - kill_probability * each } else { several };
    warheads * (survivable_share + (1.0 - survivable_share) * missed)
}

/// E12: share of a state that this many arriving warheads destroy, `f`.
#[inline(always)]
#[must_use]
pub fn destroyed_share(arriving: f64, saturation: f64) -> f64 {
    1.0 - exp(-arriving / saturation)
}

/// E12: share of warheads lost to a first strike by a force of the same size, `f_i`.
#[inline(always)]
#[must_use]
pub fn lost_share(survivable_share: f64, kill_probability: f64) -> f64 {
    kill_probability * (1.0 - survivable_share)
}

/// Steps of Newton's method in [`requirement`]: it doubles the digits with each and comes from one side.
const STEPS: u32 = 24;

/// E12: the fewest warheads of which `assured` survive a first strike by `other` warheads.
#[must_use]
pub fn requirement(assured: f64, survivable_share: f64, kill_probability: f64, other: f64) -> f64 {
    let lost = lost_share(survivable_share, kill_probability);
    let as_many = assured + lost * other;
    if as_many >= other || assured <= 0.0 {
        return if assured > 0.0 { as_many } else { 0.0 };
    }
    // Fewer than the other has: with x = other / N > 1 the root of s + (1 − s)(1 − p_k)^x = (assured / other) x. The left side falls
    // and is convex, so steps from x = 1 rise to the root and never pass it.
    let (slope, rate) = (assured / other, ln(not_below(1.0 - kill_probability)));
    let mut each = 1.0;
    for _ in 0..STEPS {
        let missed = (1.0 - survivable_share) * exp(each * rate);
        each += (survivable_share + missed - slope * each) / (slope - rate * missed);
    }
    other / each
}

/// E12: share of a conventional threat that is left where the one that threatens expects this nuclear loss. It weighs the loss against
/// the gain of one own value, and counts a part of that against a war without nuclear weapons.
#[inline(always)]
#[must_use]
pub fn left_of_threat(expected_loss: f64, shelter: f64) -> f64 {
    1.0 - shelter * expected_loss / (1.0 + expected_loss)
}

/// Intriligator (1975): warheads at which two equal states just deter each other, each needing `assured + lost_share × other`;
/// `None` where the cone of mutual deterrence is empty.
#[must_use]
pub fn cone_vertex(assured: f64, lost_share: f64, lost_share_of_other: f64) -> Option<f64> {
    let product = lost_share * lost_share_of_other;
    (product < 1.0).then(|| assured * (1.0 + lost_share) / (1.0 - product))
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    let perceived = (expect_retaliation::<WIDTH>, take_shelter::<WIDTH>).chain();
    schedule.add_systems((perceived.in_set(Perceive::Strength), build_warheads::<WIDTH>.in_set(Arm::Warheads)));
}

fn expect_retaliation<const WIDTH: usize>(
    states: Query<(&StateInputsNow, &Warheads<WIDTH>)>,
    mut dyads: Query<(&DyadId, &mut Retaliation<WIDTH>)>,
    coalitions: Res<Coalitions>,
    parameters: Res<Parameters>,
    arsenals: Res<Arsenals>,
) {
    if !arsenals.any {
        return;
    }
    let Deterrence { destruction, saturation, kill_probability, .. } = parameters.deterrence;
    let states = table(&states);
    for (dyad, mut retaliation) in &mut dyads {
        let (from, to) = dyad.ends;
        let (own, other) = (states.row(from), states.row(to));
        let passes = 1.0 - own.0.inputs.interception;
        let survivable = other.0.inputs.survivable_share;
        // An ally of both sides helps neither.
        let friends = &coalitions.allies_of[from];
        let mut unharmed_by_allies = Lanes::<WIDTH>::splat(1.0);
        for &(ally, commitment) in
            coalitions.allies_of[to].iter().filter(|(ally, _)| *ally != from && !friends.iter().any(|friend| friend.0 == *ally))
        {
            let held = states.row(ally).1.0;
            unharmed_by_allies =
                Lanes::from_fn(|l| unharmed_by_allies[l] * (1.0 - commitment * destroyed_share(passes * held[l], saturation)));
        }
        let (mine, theirs) = (own.1.0, other.1.0);
        let loss =
            |arriving: f64, allies: f64| destruction * (1.0 - (1.0 - destroyed_share(passes * arriving, saturation)) * allies);
        *retaliation = Retaliation {
            strike: Lanes::from_fn(|l| loss(survivors(theirs[l], survivable, mine[l], kill_probability), unharmed_by_allies[l])),
            struck: Lanes::from_fn(|l| loss(theirs[l], unharmed_by_allies[l])),
        };
    }
}

/// A state fears less from who fears its warheads, and those of who stands by it.
fn take_shelter<const WIDTH: usize>(
    mut dyads: Query<(&DyadId, &mut Shelter<WIDTH>)>,
    retaliation: Query<&Retaliation<WIDTH>>,
    parameters: Res<Parameters>,
    arsenals: Res<Arsenals>,
) {
    if !arsenals.any {
        return;
    }
    let weight = parameters.deterrence.shelter;
    let retaliation = table(&retaliation);
    for (dyad, mut shelter) in &mut dyads {
        let expected = &retaliation.row(dyad.mirror_index).strike;
        shelter.0 = Lanes::from_fn(|l| left_of_threat(expected[l], weight));
    }
}

/// A state that can have warheads.
#[derive(QueryData)]
#[query_data(mutable, contiguous(all))]
struct NuclearState<const WIDTH: usize> {
    id: &'static StateId,
    given: &'static StateInputsNow,
    procurement: &'static Procurement<WIDTH>,
    caps: &'static ForceCaps<WIDTH>,
    warheads: &'static mut Warheads<WIDTH>,
}

fn build_warheads<const WIDTH: usize>(
    mut states: Query<NuclearState<WIDTH>>,
    dyads: Query<&DyadInputsNow>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    arsenals: Res<Arsenals>,
    clock: Res<Clock>,
) {
    if !arsenals.any {
        return;
    }
    let Deterrence { kill_probability, assured, counterforce, warhead_price, building, warhead_wear, .. } = parameters.deterrence;
    // All decide by the numbers before the tick; the numbers change below.
    let before = states.as_readonly();
    let Some(before) = columns(&before) else { return };
    let held: Vec<(f64, Lanes<WIDTH>)> =
        (0..roster.states.len()).map(|state| (before.given[state].inputs.survivable_share, before.warheads[state].0)).collect();
    let left = exp(-warhead_wear * clock.years);
    let closed = 1.0 - exp(-building * clock.years);
    for NuclearStateItem { id, given, procurement, caps, mut warheads } in &mut states {
        let inputs = given.inputs;
        if arsenals.dated[id.index] {
            warheads.0 = Lanes::splat(inputs.warheads);
            continue;
        }
        if inputs.nuclear_share == 0.0 {
            continue;
        }
        let mut wanted = Lanes::<WIDTH>::splat(0.0);
        for &dyad in &roster.outgoing[id.index] {
            let Ok(terms) = dyads.get(roster.dyads[dyad]) else { continue };
            let (survivable, theirs) = held[roster.ends[dyad].1];
            let rival = 1.0 - terms.0.commitment;
            wanted = Lanes::from_fn(|l| {
                let against = requirement(assured, inputs.survivable_share, kill_probability, theirs[l])
                    + counterforce * (1.0 - survivable) * theirs[l];
                let against = rival * against;
                if against > wanted[l] { against } else { wanted[l] }
            });
        }
        let before = warheads.0;
        warheads.0 = Lanes::from_fn(|l| {
            let kept = before[l] * left;
            let gap = wanted[l] - kept;
            let gap = if gap > 0.0 { gap * closed } else { 0.0 };
            let affordable = inputs.nuclear_share * procurement.0[l] / warhead_price * clock.years;
            // Richardson's rule can reduce arms; that does not reduce warheads.
            let affordable = if affordable > 0.0 { affordable } else { 0.0 };
            let after = kept + if gap < affordable { gap } else { affordable };
            // A stock above the promise wears out; nothing is scrapped.
            let most = if caps.warheads[l] > kept { caps.warheads[l] } else { kept };
            if after < most { after } else { most }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};

    #[test]
    fn what_survives_of_a_thousand() {
        for (share, expected) in [(0.1, 280.0), (0.3, 440.0), (0.6, 680.0)] {
            let found = survivors(1000.0, share, 1000.0, 0.8);
            assert!((found - expected).abs() < 1e-9, "O15: {found} of 1000 survive at {share}, expected {expected}");
            // Five for each vulnerable one: .2⁵ of them is left.
            let overkill = survivors(1000.0, share, 5000.0, 0.8);
            close("struck five times", overkill, 1000.0 * (share + (1.0 - share) * 0.000_32));
            assert!(survivors(1000.0, share, 1001.0, 0.8) < found && survivors(1000.0, share, 999.0, 0.8) > found);
            assert_eq!(survivors(1000.0, share, 5000.0, 1.0), 1000.0 * share, "what never misses leaves what cannot be reached");
            assert_eq!(survivors(1000.0, share, 0.0, 0.8), 1000.0, "no attacker, no loss");
        }
        assert_eq!(survivors(0.0, 0.5, 100.0, 0.8), 0.0);
    }

    #[test]
    fn destruction_saturates() {
        assert_eq!(destroyed_share(0.0, 150.0), 0.0);
        let found = destroyed_share(150.0, 150.0);
        assert!((found - 0.632_120_558_828_557_7).abs() < 1e-15, "{found}");
        assert!(destroyed_share(1e5, 150.0) <= 1.0);
    }

    #[test]
    fn the_requirement_keeps_what_is_wanted_alive() {
        for kill in [0.3, 0.8, 0.95, 0.999] {
            for share in [0.0, 0.05, 0.3, 0.5, 1.0] {
                for other in [100.0, 450.0, 700.0, 5000.0, 30_000.0] {
                    let needed = requirement(400.0, share, kill, other);
                    let left = survivors(needed, share, other, kill);
                    assert!((left - 400.0).abs() < 1e-9, "{left} survive of {needed} at {share} against {other}, {kill} each");
                }
            }
        }
        assert_eq!(requirement(400.0, 0.0, 1.0, 5000.0), 5400.0, "where none survive none suffice but more than the other has");
        assert_eq!(requirement(0.0, 0.3, 0.8, 5000.0), 0.0, "who wants nothing needs nothing");
    }

    #[test]
    fn the_cone_of_mutual_deterrence() {
        assert_eq!(cone_vertex(100.0, 0.5, 0.5), Some(200.0), "O16");
        assert_eq!(cone_vertex(100.0, 1.0, 1.0), None, "O16: no cone");
        assert_eq!(cone_vertex(100.0, 2.0, 0.5), None, "O16: no cone");
        // The vertex is where each has what it needs against the other.
        let (a, b) = (cone_vertex(100.0, 0.4, 0.6).unwrap_or(0.0), cone_vertex(100.0, 0.6, 0.4).unwrap_or(0.0));
        assert!((a - (100.0 + 0.4 * b)).abs() < 1e-9 && (b - (100.0 + 0.6 * a)).abs() < 1e-9, "{a}, {b}");
    }

    /// A loss of 3 against a gain of 1: three quarters are deterred, half of that counts.
    #[test]
    fn what_shelter_leaves_of_a_threat() {
        assert_eq!(left_of_threat(0.0, 0.5), 1.0);
        close("three to one", left_of_threat(3.0, 0.5), 0.625);
        assert_eq!(left_of_threat(3.0, 0.0), 1.0);
        let mut bench = Bench::of(2, |p| p.deterrence.shelter = 0.5);
        bench.resource(|arsenals: &mut Arsenals| arsenals.any = true);
        bench.dyad(0, 1, Retaliation { strike: one(3.0), struck: one(9.0) });
        bench.run(take_shelter::<1>);
        assert_eq!(bench.of_dyad::<Shelter<1>>(0, 1).0[0], 1.0, "who has no warheads finds no shelter");
        close("who is feared", bench.of_dyad::<Shelter<1>>(1, 0).0[0], 0.625);
    }

    /// Forces that survive shelter more than forces that do not; without warheads nothing does.
    #[test]
    fn survivable_forces_shelter() {
        let left = |warheads: f64, share: f64| {
            let mut bench = Bench::of(2, |p| (p.deterrence.shelter, p.deterrence.kill_probability) = (0.5, 0.8));
            bench.resource(|arsenals: &mut Arsenals| arsenals.any = warheads > 0.0);
            bench.state(0, Warheads(one(warheads))).state(1, Warheads(one(warheads)));
            bench.inputs(0, |given| given.survivable_share = share);
            bench.run(expect_retaliation::<1>).run(take_shelter::<1>);
            bench.of_dyad::<Shelter<1>>(0, 1).0[0]
        };
        assert_eq!(left(0.0, 1.0), 1.0);
        // Of 200 all survive: 3 (1 − e^{−4/3}) = 2.2092086; or a fifth: 3 (1 − e^{−4/15}) = .7022150.
        close("all survive", left(200.0, 1.0), 1.0 - 0.5 * 2.209_208_585_652_82 / 3.209_208_585_652_82);
        close("a fifth survives", left(200.0, 0.0), 1.0 - 0.5 * 0.702_214_984_906_013_9 / 1.702_214_984_906_014);
    }

    #[test]
    fn a_vulnerable_force_makes_a_first_strike_pay() {
        let prevented = |share: f64| destroyed_share(200.0, 150.0) - destroyed_share(survivors(200.0, share, 200.0, 0.9), 150.0);
        assert!(prevented(0.0) > 0.5 && prevented(1.0) == 0.0);
        assert!([0.0, 0.2, 0.4, 0.6, 0.8, 1.0].windows(2).all(|pair| prevented(pair[0]) > prevented(pair[1])));
    }

    /// A has 50 warheads, B 200 of which half survive whatever comes, C 100 and a commitment of .6 to B; A shoots down a quarter.
    ///
    /// ```text
    /// S_B = 200 [.5 + .5 (1 − .8 · 50 / 200)] = 180       .75 · 180 / 150 = .9,  .75 · 100 / 150 = .5,  .75 · 200 / 150 = 1
    /// loss^T = 3 {1 − e^{−.9} [1 − .6 (1 − e^{−.5})]},  loss^S the same with e^{−1}
    /// ```
    fn retaliation(change: impl FnOnce(&mut Bench)) -> (f64, f64) {
        let mut bench = Bench::of(3, |p| {
            (p.deterrence.destruction, p.deterrence.saturation, p.deterrence.kill_probability) = (3.0, 150.0, 0.8);
        });
        bench.resource(|arsenals: &mut Arsenals| arsenals.any = true);
        bench.state(0, Warheads(one(50.0))).state(1, Warheads(one(200.0))).state(2, Warheads(one(100.0)));
        bench.inputs(0, |given| (given.interception, given.survivable_share) = (0.25, 0.9));
        bench.inputs(1, |given| (given.interception, given.survivable_share) = (0.6, 0.5));
        bench.resource(|coalitions: &mut Coalitions| coalitions.allies_of[1] = vec![(2, 0.6)]);
        change(&mut bench);
        bench.run(expect_retaliation::<1>);
        let found = bench.of_dyad::<Retaliation<1>>(0, 1);
        (found.strike[0], found.struck[0])
    }

    #[test]
    fn retaliation_by_hand() {
        let (strike, struck) = retaliation(|_| ());
        close("loss^T", strike, 2.068_241_873_216_389_4);
        close("loss^S", struck, 2.156_910_382_327_095_6);
    }

    /// Without interception the exponents are 1.2, 2/3 and 4/3; without the ally's warheads `3 (1 − e^{−.9})` and `3 (1 − e^{−1})`.
    #[test]
    fn interception_and_allies_each_by_hand() {
        let (strike, struck) = retaliation(|bench| {
            bench.inputs(0, |given| given.interception = 0.0);
        });
        close("loss^T, nothing shot down", strike, 2.3602180695166988);
        close("loss^S, nothing shot down", struck, 2.440079924435225);
        let (strike, _) = retaliation(|bench| {
            bench.resource(|coalitions: &mut Coalitions| coalitions.allies_of[0] = vec![(2, 0.1)]);
        });
        close("who is bound to both avenges neither", strike, 1.7802910207782028);
        let (_, struck) = retaliation(|bench| {
            bench.resource(|coalitions: &mut Coalitions| coalitions.allies_of[1] = vec![(0, 0.6)]);
        });
        close("who strikes does not avenge", struck, 1.896_361_676_485_673);
    }
}
