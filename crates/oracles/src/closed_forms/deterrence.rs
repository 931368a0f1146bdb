//! Closed forms of deterrence and force: what survives, the cone of mutual deterrence, Lanchester's square law, the menu of weapons.

use spiral_kernel::maths::ln;
use spiral_model::mechanisms::arming::linear_step;
use spiral_model::mechanisms::deterrence::{cone_vertex, requirement, survivors};
use spiral_model::weapons::{Arsenal, Weapon};

use super::Check;

const EXACT: f64 = 1e-12;

fn check(oracle: &'static str, what: String, expected: f64, found: f64) -> Check {
    Check { oracle, what, expected, found, tolerance: EXACT }
}

pub(crate) fn checks() -> Vec<Check> {
    [lanchester(), survival(), cone(), menu()].concat()
}

/// O14: Lanchester's square law, `da/dt = −b`, `db/dt = −a`, by the exact solver of the linear arms race: five against four leave
/// `√(5² − 4²) = 3` when the four are gone, after `ln 3`.
fn lanchester() -> Vec<Check> {
    let step = linear_step(&[vec![0.0, -1.0], vec![-1.0, 0.0]], &[0.0, 0.0], ln(3.0), true);
    let left = |side: usize| step[side][0] * 5.0 + step[side][1] * 4.0;
    vec![
        check("O14", "five against four: what is left of the five at time ln 3".into(), 3.0, left(0)),
        check("O14", "five against four: what is left of the four at time ln 3".into(), 0.0, left(1)),
    ]
}

/// O15: what survives of a thousand warheads when as many strike first, each killing with chance .8.
fn survival() -> Vec<Check> {
    [(0.1, 280.0), (0.3, 440.0), (0.6, 680.0)]
        .into_iter()
        .map(|(share, expected)| {
            check(
                "O15",
                format!("warheads that survive out of 1000, survivable share {share}"),
                expected,
                survivors(1000.0, share, 1000.0, 0.8),
            )
        })
        .collect()
}

/// O16: Intriligator's cone. Its vertex in closed form, and as the point to which requirement answering requirement comes.
fn cone() -> Vec<Check> {
    let (assured, lost) = (100.0, 0.5);
    let mut stock = 0.0;
    // Halves the distance at each step. Where every shot kills, what is lost is what can be reached.
    for _ in 0..200 {
        stock = requirement(assured, 1.0 - lost, 1.0, stock);
    }
    let none = |lost: f64, other: f64| f64::from(u8::from(cone_vertex(assured, lost, other).is_none()));
    vec![
        check("O16", "vertex of the cone, f 0.5, d 100".into(), 200.0, cone_vertex(assured, lost, lost).unwrap_or(f64::NAN)),
        check("O16", "limit to which the requirements of both sides converge".into(), 200.0, stock),
        check("O16", "no cone at f 1 (1: none)".into(), 1.0, none(1.0, 1.0)),
        check("O16", "no cone at f 2 and 0.5 (1: none)".into(), 1.0, none(2.0, 0.5)),
        check("O16", "a cone at f 1.9 and 0.5 (0: exists)".into(), 0.0, none(1.9, 0.5)),
    ]
}

/// The menu of weapons: three to one where a fortress is worth three armies, and the information of Shannon.
fn menu() -> Vec<Check> {
    let weapon = |offence: f64, defence: f64| Weapon { offence, defence, ..Weapon::default() };
    let pure = Arsenal::of(vec![(weapon(1.0, 0.0), 0.5), (weapon(0.0, 3.0), 0.5)]);
    let army = Arsenal::of(vec![(weapon(1.0, 1.0), 1.0)]);
    let mixed = Arsenal::of(vec![(weapon(3.0, 1.0), 1.0)]);
    vec![
        check("menu", "balance of weapons of pure attack against walls three times as strong".into(), 1.0 / 3.0, pure.balance()),
        check("menu", "information that these weapons reveal, bits".into(), 1.0, pure.distinguishability()),
        check("menu", "information that an army reveals, bits".into(), 0.0, army.distinguishability()),
        check(
            "menu",
            "information that arms reveal if three quarters of them serve attack, bits".into(),
            0.75 * ln(3.0) / ln(2.0) - 1.0,
            mixed.distinguishability(),
        ),
    ]
}
