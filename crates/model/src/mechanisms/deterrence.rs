//! # E12 Deterrence
//!
//! Claim: nuclear forces that survive a first strike keep the peace as if defence dominated; forces that nearly all fall to one invite the
//! strike, since it prevents the damage that they would do.
//!
//! ```text
//! S_j    = N_j [s_j + (1 − s_j)(1 − p_k min(1, N_i / N_j))]                 what is left of j's warheads when i strikes first
//! loss^T = H {1 − [1 − f((1 − d_i) S_j)] Π_k [1 − A_kj f((1 − d_i) N_k)]}   joins C_ij (E8) when i strikes first
//! loss^S = the same with N_j in place of S_j                                joins it when i is struck, or both strike at once
//! f(n)   = 1 − e^{−n / N0},   loss^S − loss^T is the damage that striking first prevents
//!
//! N*_i   = max_j (1 − A_ij) {min[n + f_i N_j, n / (1 − f_i)] + τ (1 − s_j) N_j},   f_i = p_k (1 − s_i)
//! dN_i/dt = min[η (N*_i − N_i)⁺, ν_i x_i / c_N] − α_N N_i,   N_i at most what it has promised (E17); ν_i = 0: N_i stays as given
//!
//! N    warheads                              count        s    share that no first strike reaches          0..1
//! p_k  chance that a warhead kills its target 0..1        d    share of arriving warheads shot down        0..1
//! H    loss of a wholly destroyed state      own value    N0   warheads that leave 1/e undestroyed         count
//! A_kj commitment of k to defend j           0..1         n    survivors wanted: assured destruction       count
//! τ    vulnerable warheads of j covered      1            η    rate at which a gap is closed               1/year
//! ν    largest share of procurement x        0..1         c_N  price of a warhead with its carrier         thousand million int$
//! α_N  rate at which warheads wear out       1/year
//! ```
//! `n + f N_j` meets its mirror image at `n / (1 − f)`, the vertex of the cone of mutual deterrence; where `f_A f_B ≥ 1` there is no
//! cone, and requirement chases requirement.
//!
//! Source: Schelling, The Strategy of Conflict (1960), ch. 9-10; Jervis, World Politics 30 (1978), 198 and 206-10: what survives
//! replaces defence; Intriligator, Journal of Conflict Resolution 19 (1975), for the cone; the saturating `f` has the form of the
//! tables of assured destruction in Enthoven and Smith, How Much Is Enough? (1971), 207, where 100 delivered megatons destroy 59
//! per cent of industry and 200 destroy 72: `N0` of 112 and 157. All values are judgements.
//! Deviation: a first strike spends one warhead on each vulnerable one, and none on the allies of its victim; the chances of
//! retaliation by several are independent. Warheads are bought beside arms: `ν x` does not lessen what arms are bought, and the burden
//! counts `x` once. Alliances that form by themselves (E14b) cast no umbrella, and a conquest hands no
//! warheads over. A war that breaks out all the same costs arms and output as any war does (E15).
//! Off: warheads deter nobody, invite nobody, and none are built.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, Resource, Schedule};
use spiral_kernel::Lanes;
use spiral_kernel::maths::exp;

use super::allies::Coalitions;
use super::arms_control::ForceCaps;
use super::{Entry, Parameters, not_below};
use crate::columns::{Rows, table};
use crate::components::{DyadId, Given, Procurement, Retaliation, Roster, StateId, Terms, Warheads};
use crate::phases::{Clock, Phase};

crate::parameters! {
    /// Nuclear deterrence.
    pub struct Deterrence {
        /// Loss of a wholly destroyed state.
        destruction: "H", "share of own value", 0.0..=100.0, 3.0, 1.5..=6.0;
        /// Arriving warheads that leave 1/e of a state undestroyed.
        saturation: "N0", "count", 0.1..=100000.0, 150.0, 50.0..=400.0;
        /// Chance that a warhead destroys the vulnerable one it is aimed at.
        kill_probability: "p_k", "0..1", 0.0..=1.0, 0.8, 0.5..=0.95;
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
    claim: "Warheads that survive a first strike deter it; warheads that do not invite it.",
    off: "Warheads deter nobody, invite nobody, and none are built.",
};

/// Whether anybody can have warheads in this world, and whose stock the scenario dates.
#[derive(Resource, Debug, Clone, Default)]
pub struct Arsenals {
    /// Whether any state has warheads at some date, or may build them.
    pub any: bool,
    /// By state: whether the scenario gives its stock by date, so that none are built.
    pub dated: Vec<bool>,
}

/// E12: warheads that survive a first strike by `attackers` warheads.
#[inline(always)]
#[must_use]
pub fn survivors(warheads: f64, survivable_share: f64, attackers: f64, kill_probability: f64) -> f64 {
    let covered = attackers / not_below(warheads);
    let covered = if covered < 1.0 { covered } else { 1.0 };
    warheads * (survivable_share + (1.0 - survivable_share) * (1.0 - kill_probability * covered))
}

/// E12: share of a state that this many arriving warheads destroy, `f`.
#[inline(always)]
#[must_use]
pub fn destroyed_share(arriving: f64, saturation: f64) -> f64 {
    1.0 - exp(-arriving / saturation)
}

/// E12: share of warheads lost to a first strike by a force at least as large, `f_i`.
#[inline(always)]
#[must_use]
pub fn lost_share(survivable_share: f64, kill_probability: f64) -> f64 {
    kill_probability * (1.0 - survivable_share)
}

/// E12: warheads from which `assured` survive a first strike by `other` warheads.
#[inline(always)]
#[must_use]
pub fn requirement(assured: f64, lost_share: f64, other: f64) -> f64 {
    let covered = assured + lost_share * other;
    // Past the vertex every vulnerable warhead is struck already; more of them kill no more.
    let most = assured / not_below(1.0 - lost_share);
    if covered < most { covered } else { most }
}

/// Intriligator (1975): warheads at which two equal states just deter each other, each needing `assured + lost_share × other`;
/// `None` where the cone of mutual deterrence is empty.
#[must_use]
pub fn cone_vertex(assured: f64, lost_share: f64, lost_share_of_other: f64) -> Option<f64> {
    let product = lost_share * lost_share_of_other;
    (product < 1.0).then(|| assured * (1.0 + lost_share) / (1.0 - product))
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        expect_retaliation::<WIDTH>.in_set(Phase::Perceive).before(super::game::see_stakes::<WIDTH>),
        build_warheads::<WIDTH>
            .in_set(Phase::Arm)
            .after(super::arming::arm::<WIDTH>)
            .after(super::arming::arm_linearly::<WIDTH>)
            .after(super::arming::arm_submissively::<WIDTH>)
            .after(super::arms_control::keep_treaties::<WIDTH>),
    ));
}

pub(crate) fn expect_retaliation<const WIDTH: usize>(
    states: Query<(&Given, &Warheads<WIDTH>)>,
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
        // Who is bound to both sides helps neither.
        let friends = &coalitions.allies_of[from];
        let mut unharmed_by_allies = Lanes::<WIDTH>::splat(1.0);
        for &(ally, commitment) in coalitions.allies_of[to].iter().filter(|(ally, _)| *ally != from && !friends.iter().any(|friend| friend.0 == *ally)) {
            let held = states.row(ally).1.0;
            unharmed_by_allies = Lanes::from_fn(|l| {
                unharmed_by_allies[l] * (1.0 - commitment * destroyed_share(passes * held[l], saturation))
            });
        }
        let (mine, theirs) = (own.1.0, other.1.0);
        let loss = |arriving: f64, allies: f64| destruction * (1.0 - (1.0 - destroyed_share(passes * arriving, saturation)) * allies);
        *retaliation = Retaliation {
            strike: Lanes::from_fn(|l| {
                loss(survivors(theirs[l], survivable, mine[l], kill_probability), unharmed_by_allies[l])
            }),
            struck: Lanes::from_fn(|l| loss(theirs[l], unharmed_by_allies[l])),
        };
    }
}

pub(crate) fn build_warheads<const WIDTH: usize>(
    mut states: Query<(&StateId, &Given, &Procurement<WIDTH>, &ForceCaps<WIDTH>, &mut Warheads<WIDTH>)>,
    dyads: Query<&Terms>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    arsenals: Res<Arsenals>,
    clock: Res<Clock>,
) {
    if !arsenals.any {
        return;
    }
    let Deterrence { kill_probability, assured, counterforce, warhead_price, building, warhead_wear, .. } = parameters.deterrence;
    // All build on what all held: the numbers change below.
    let before = states.as_readonly();
    let before = table(&before);
    let held: Vec<(f64, Lanes<WIDTH>)> = (0..roster.states.len())
        .map(|state| {
            let (_, given, _, _, warheads) = before.row(state);
            (given.inputs.survivable_share, warheads.0)
        })
        .collect();
    let left = exp(-warhead_wear * clock.years);
    let closed = 1.0 - exp(-building * clock.years);
    for (id, given, procurement, caps, mut warheads) in &mut states {
        let inputs = given.inputs;
        if arsenals.dated[id.index] {
            warheads.0 = Lanes::splat(inputs.warheads);
            continue;
        }
        if inputs.nuclear_share == 0.0 {
            continue;
        }
        let lost = lost_share(inputs.survivable_share, kill_probability);
        let mut wanted = Lanes::<WIDTH>::splat(0.0);
        for &dyad in &roster.outgoing[id.index] {
            let Ok(terms) = dyads.get(roster.dyads[dyad]) else { continue };
            let (survivable, theirs) = held[roster.ends[dyad].1];
            let rival = 1.0 - terms.0.commitment;
            wanted = Lanes::from_fn(|l| {
                let against = requirement(assured, lost, theirs[l]) + counterforce * (1.0 - survivable) * theirs[l];
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
            // Richardson's rule may disarm; that sells no warheads.
            let affordable = if affordable > 0.0 { affordable } else { 0.0 };
            let after = kept + if gap < affordable { gap } else { affordable };
            // A stock above the promise is worn off, not scrapped.
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
            let overkill = survivors(1000.0, share, 5000.0, 0.8);
            assert_eq!(overkill, found, "each is struck once");
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
        for (share, other) in [(0.1, 100.0), (0.3, 450.0), (0.5, 5000.0), (1.0, 700.0)] {
            let needed = requirement(400.0, lost_share(share, 0.8), other);
            let left = survivors(needed, share, other, 0.8);
            assert!((left - 400.0).abs() < 1e-9, "{left} survive of {needed} at {share} against {other}");
        }
        assert!(requirement(400.0, 1.0, 5000.0) >= 5400.0, "where none survive none suffice but more than the other has");
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
