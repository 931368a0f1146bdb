//! The menu of weapons: what states hold decides how easy attack is, what a first strike adds, and what arms reveal.
//!
//! ```text
//! h_w   share of arms spending on weapon w, mean over the states that hold weapons; shares of a state add up to 1
//! a_w = o_w / (o_w + e_w)                                      how far w is for attack, 0..1
//! m   = [Σ h a o / c ÷ Σ h a] / [Σ h (1 − a) e / c ÷ Σ h (1 − a)]   what a unit of money on attack is worth against one on defence
//! φ0  = Σ h a (o / c) φ_w ÷ Σ h a o / c                        strength of the attack with surprise over that without
//! q   = Σ h t_w [1 − H(a_w)],  H(a) = −a log2 a − (1 − a) log2 (1 − a)
//! s_i = Σ h n s_w / c ÷ Σ h n / c                              share of the warheads of i that no first strike reaches
//! ν_i = Σ h over weapons with warheads,  c_N = ν ÷ Σ h n / c,  d_i = Σ h d_w
//!
//! c  cost of a piece                 billion int$               o, e  worth of a piece in attack, in defence   the same, of field army
//! φ_w  what surprise multiplies o by 1                          t     chance that w is told from others        0..1
//! n  warheads of a piece             count                      s, d  survivable, shot down                    0..1
//! ```
//! `q` is what the menu lets an observer infer: who knows nothing gives attack and defence even chances, one bit of uncertainty.
//! Having recognised `w`, he gives attack the chance `a_w`, which leaves `H(a_w)` bits. `q` is the mean information gained, in bits, of
//! a unit of money looked at. Arms that serve both purposes alike reveal nothing, arms that serve one reveal all.
//!
//! Source: `m` as a ratio of costs: Jervis, World Politics 30 (1978), 188; Glaser and Kaufmann, International Security 22 (1998). `q`:
//! Shannon, Bell System Technical Journal 27 (1948); Lindley, Annals of Mathematical Statistics 27 (1956), for the information that
//! an observation gives. That offence and defence share one menu, and what `a_w` is, is ours.
//! Deviation: what states believe of `m` is theirs, and only by default the truth.

use spiral_kernel::maths::ln;

use crate::parameters;

parameters! {
    /// A weapon: one row of the menu.
    pub struct Weapon {
        /// Cost of a piece.
        cost: "c", "billion int$", 0.000001..=1e6, 1.0;
        /// Worth of a piece in attack.
        offence: "o", "billion int$ of field army", 0.0..=1e6, 1.0;
        /// Worth of a piece in defence, or in keeping an attack away.
        defence: "e", "billion int$ of field army", 0.0..=1e6, 1.0;
        /// What striking first multiplies its worth in attack by.
        surprise: "φ_w", "ratio", 0.01..=100.0, 1.0;
        /// Chance that an observer tells it from other weapons.
        recognisable: "t", "0..1", 0.0..=1.0, 1.0;
        /// Warheads of a piece.
        warheads: "n", "count", 0.0..=1000.0, 0.0;
        /// Share of its warheads that no first strike reaches.
        survivable_share: "s", "0..1", 0.0..=1.0, 0.0;
        /// Share of arriving warheads that a state with no other weapon would shoot down.
        interception: "d", "0..1", 0.0..=1.0, 0.0;
    }
}

/// Smallest and largest balance that follows from a menu in which one of the two purposes is not served at all.
pub const BALANCES: (f64, f64) = (0.01, 100.0);

impl Weapon {
    /// How far it is for attack, `a_w`; ½ where it is worth nothing at either.
    #[must_use]
    pub fn offensiveness(&self) -> f64 {
        let both = self.offence + self.defence;
        if both > 0.0 { self.offence / both } else { 0.5 }
    }

    /// Bits that recognising it gives about the purpose of what is seen, `t [1 − H(a)]`.
    #[must_use]
    pub fn information(&self) -> f64 {
        self.recognisable * (1.0 - entropy_bits(self.offensiveness()))
    }
}

/// Entropy of a chance `p` and its complement, in bits.
#[must_use]
pub fn entropy_bits(p: f64) -> f64 {
    const LN_2: f64 = core::f64::consts::LN_2;
    let part = |p: f64| if p > 0.0 { -p * ln(p) / LN_2 } else { 0.0 };
    part(p) + part(1.0 - p)
}

/// Weapons held, each with its share of arms spending.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arsenal {
    /// Weapons and their shares; shares add up to 1.
    pub held: Vec<(Weapon, f64)>,
}

impl Arsenal {
    /// Shares brought to a sum of 1; an arsenal of nothing stays one.
    #[must_use]
    pub fn of(held: Vec<(Weapon, f64)>) -> Self {
        let sum: f64 = held.iter().map(|(_, share)| share).sum();
        let held = if sum > 0.0 { held.into_iter().map(|(weapon, share)| (weapon, share / sum)).collect() } else { held };
        Self { held }
    }

    /// The mean of several arsenals.
    #[must_use]
    pub fn pooled(arsenals: &[Self]) -> Self {
        Self::of(arsenals.iter().flat_map(|arsenal| arsenal.held.iter().copied()).collect())
    }

    fn sum(&self, of: impl Fn(&Weapon) -> f64) -> f64 {
        self.held.iter().map(|(weapon, share)| share * of(weapon)).sum()
    }

    /// Offence-defence balance `m`.
    #[must_use]
    pub fn balance(&self) -> f64 {
        let for_attack = self.sum(Weapon::offensiveness);
        let for_defence = self.sum(|weapon| 1.0 - weapon.offensiveness());
        let attack = self.sum(|weapon| weapon.offensiveness() * weapon.offence / weapon.cost);
        let defence = self.sum(|weapon| (1.0 - weapon.offensiveness()) * weapon.defence / weapon.cost);
        let (low, high) = BALANCES;
        if attack <= 0.0 {
            return low;
        }
        if defence <= 0.0 {
            return high;
        }
        ((attack / for_attack) / (defence / for_defence)).clamp(low, high)
    }

    /// First-strike factor `φ0`; 1 where nothing can attack.
    #[must_use]
    pub fn first_strike(&self) -> f64 {
        let strength = |weapon: &Weapon| weapon.offensiveness() * weapon.offence / weapon.cost;
        let attack = self.sum(strength);
        if attack > 0.0 { self.sum(|weapon| strength(weapon) * weapon.surprise) / attack } else { 1.0 }
    }

    /// Distinguishability `q`: mean information that a look gives about purpose, in bits.
    #[must_use]
    pub fn distinguishability(&self) -> f64 {
        self.sum(Weapon::information).clamp(0.0, 1.0)
    }

    /// Share of the warheads that no first strike reaches; `None` where there are none.
    #[must_use]
    pub fn survivable_share(&self) -> Option<f64> {
        let warheads = self.sum(|weapon| weapon.warheads / weapon.cost);
        (warheads > 0.0).then(|| self.sum(|weapon| weapon.warheads / weapon.cost * weapon.survivable_share) / warheads)
    }

    /// Share of spending on weapons with warheads.
    #[must_use]
    pub fn nuclear_share(&self) -> f64 {
        self.sum(|weapon| if weapon.warheads > 0.0 { 1.0 } else { 0.0 }).clamp(0.0, 1.0)
    }

    /// Price of a warhead with its share of the carrier, billion int$; `None` where there are none.
    #[must_use]
    pub fn warhead_price(&self) -> Option<f64> {
        let warheads = self.sum(|weapon| weapon.warheads / weapon.cost);
        (warheads > 0.0).then(|| self.nuclear_share() / warheads)
    }

    /// Share of arriving warheads that it shoots down.
    #[must_use]
    pub fn interception(&self) -> f64 {
        self.sum(|weapon| weapon.interception).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weapon(offence: f64, defence: f64) -> Weapon {
        Weapon { offence, defence, ..Weapon::default() }
    }

    #[test]
    fn arms_of_both_purposes_are_even_and_reveal_nothing() {
        let army = Arsenal::of(vec![(weapon(1.0, 1.0), 1.0)]);
        assert_eq!((army.balance(), army.first_strike(), army.distinguishability()), (1.0, 1.0, 0.0));
    }

    #[test]
    fn the_three_to_one_rule_is_a_fortress_worth_three_armies() {
        // Half army, half fortress: attack is bought by the army alone; defence by half of the army and all of the fortress.
        let mixed = Arsenal::of(vec![(weapon(1.0, 1.0), 0.5), (weapon(0.0, 3.0), 0.5)]);
        let expected = 1.0 / ((0.25 * 1.0 + 0.5 * 3.0) / 0.75);
        assert!((mixed.balance() - expected).abs() < 1e-15, "{} is not {expected}", mixed.balance());
        assert!((mixed.distinguishability() - 0.5).abs() < 1e-15, "half of the money is seen to defend");
        // Who can buy pure attack and pure defence: the ratio of the two prices of strength.
        let pure = Arsenal::of(vec![(weapon(1.0, 0.0), 0.7), (weapon(0.0, 3.0), 0.3)]);
        assert!((pure.balance() - 1.0 / 3.0).abs() < 1e-15, "{}", pure.balance());
        assert!((pure.distinguishability() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn dearer_attack_lowers_the_balance_and_surprise_counts_for_what_attacks() {
        let dear = Weapon { cost: 2.0, ..weapon(1.0, 0.0) };
        let pure = Arsenal::of(vec![(dear, 0.5), (weapon(0.0, 1.0), 0.5)]);
        assert!((pure.balance() - 0.5).abs() < 1e-15, "{}", pure.balance());
        let quick = Weapon { surprise: 3.0, ..weapon(1.0, 0.0) };
        let quick = Arsenal::of(vec![(quick, 0.25), (weapon(1.0, 0.0), 0.25), (weapon(0.0, 1.0), 0.5)]);
        assert!((quick.first_strike() - 2.0).abs() < 1e-15, "{}", quick.first_strike());
    }

    #[test]
    fn information_has_its_closed_form() {
        assert_eq!((entropy_bits(0.0), entropy_bits(1.0)), (0.0, 0.0));
        assert!((entropy_bits(0.5) - 1.0).abs() < 1e-15);
        // Three quarters for attack: H = 2 − ¾ log2 3 = 0.811278…
        let found = Weapon { recognisable: 0.5, ..weapon(3.0, 1.0) }.information();
        assert!((found - 0.5 * (1.0 - 0.811_278_124_459_132_8)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn nothing_held_is_a_balance_all_the_same() {
        let nothing = Arsenal::default();
        assert_eq!((nothing.balance(), nothing.first_strike(), nothing.distinguishability()), (0.01, 1.0, 0.0));
        assert_eq!((nothing.survivable_share(), nothing.warhead_price()), (None, None));
        let walls = Arsenal::of(vec![(weapon(0.0, 3.0), 1.0)]);
        assert_eq!(walls.balance(), 0.01);
        let spears = Arsenal::of(vec![(weapon(3.0, 0.0), 1.0)]);
        assert_eq!(spears.balance(), 100.0);
    }

    #[test]
    fn warheads_are_counted_by_what_carries_them() {
        let silo = Weapon { cost: 0.1, warheads: 2.0, survivable_share: 0.3, ..weapon(1.0, 1.0) };
        let submarine = Weapon { cost: 0.1, warheads: 1.0, survivable_share: 0.9, ..weapon(0.0, 1.0) };
        let shield = Weapon { interception: 0.4, ..weapon(0.0, 1.0) };
        let arsenal = Arsenal::of(vec![(silo, 0.2), (submarine, 0.2), (shield, 0.6)]);
        // 4 warheads in silos for each 2 in submarines.
        let survivable = arsenal.survivable_share().unwrap_or(f64::NAN);
        assert!((survivable - 0.5).abs() < 1e-15, "{survivable}");
        assert!((arsenal.nuclear_share() - 0.4).abs() < 1e-15);
        let price = arsenal.warhead_price().unwrap_or(f64::NAN);
        assert!((price - 0.4 / 6.0).abs() < 1e-15, "{price}");
        assert!((arsenal.interception() - 0.24).abs() < 1e-15);
    }
}
