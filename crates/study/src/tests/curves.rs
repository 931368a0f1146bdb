//! Which histories count in the curves of a study.

use spiral_model::Outcome;

use super::{Fake, plan, point};
use crate::run::in_memory_with;
use crate::{Plan, Silent};

#[test]
fn histories_at_risk_are_those_without_a_war_unless_through_war() {
    let at_risk = |through_war| {
        let plan = Plan { through_war, points: vec![point("long", &["A", "B"], 1.0)], ..plan(500) };
        let study = in_memory_with::<Fake<16>, 16>(&plan, &Silent).expect("a study");
        let outcomes = study.outcomes().expect("outcomes").remove(0);
        let rows = study.curves().expect("curves");
        let burden: Vec<_> = rows.into_iter().filter(|row| row.state == "A" && row.metric == "burden").collect();
        assert_eq!(burden.len(), 11, "one row a year from 1900 to 1910");
        for row in burden {
            let followed = |o: &&Outcome| {
                let whole = o.failure.is_none_or(|failure| 1900.0 + f64::from(failure.tick) / 4.0 >= row.date);
                whole && (through_war || o.first_war_date.is_none_or(|war| war >= row.date))
            };
            let count = outcomes.iter().filter(followed).count() as u64;
            assert_eq!(row.at_risk, count, "at risk on {}, through war: {through_war}", row.date);
        }
    };
    at_risk(false);
    at_risk(true);
}
