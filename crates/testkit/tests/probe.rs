//! x
#[path = "../../../tests/science/cooperation.rs"]
mod cooperation;
#[path = "../../../tests/metamorphic/knobs.rs"]
mod knobs;
use spiral_model::Setup;
pub(crate) fn without(setup: &Setup, names: &[&str]) -> Setup { let mut c=setup.clone(); for n in names { c.without.insert((*n).to_string()); } c }
pub(crate) fn assert_same(one: &Setup, two: &Setup, histories: u32, what: &str) {
    let [one, two] = [one, two].map(|s| spiral_testkit::tiny::histories(s, 1, histories));
    if let Some(d) = one.iter().zip(&two).find_map(|(a,b)| a.difference(b)) { panic!("{what}: {d}"); }
}
