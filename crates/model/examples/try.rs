use spiral_model::setup::*;
use spiral_model::*;
fn main() {
    for (m, q) in [(1.0, 0.0), (1.0, 0.9), (1.0 / 3.0, 0.0), (1.0 / 3.0, 0.9)] {
        let mut s = Setup::complete("t", Horizon { start: 0.0, end: 40.0, ticks_per_year: 4 }, &["A", "B", "C", "D", "E", "F"]);
        for st in &mut s.states {
            st.inputs.output = 1.0;
            st.inputs.perceived_balance = m;
            st.inputs.habitual_burden = 0.02;
            st.inputs.maximum_burden = 0.25;
        }
        s.parameters.technology.balance = m;
        s.parameters.technology.distinguishability = q;
        s.parameters.technology.first_strike = 1.6;
        s.parameters.arming.depreciation = 0.2;
        s.parameters.threat.anarchy = 0.35;
        s.parameters.crisis.rate = 0.125;
        s.parameters.crisis.false_alarms = 0.0;
        s.parameters.beliefs.growth_shift = 0.03;
        s.parameters.beliefs.growth_noise = 0.04;
        s.parameters.game.war_cost = 0.35;
        s.parameters.geography.half_distance = 3000.0;
        for a in std::env::args().skip(1) {
            let (k, v) = a.split_once('=').unwrap();
            for t in s.resolve(k).unwrap() { s.set(t, v.parse().unwrap()); }
        }
        let mut sim = Simulation::<16>::new(&s);
        let t0 = std::time::Instant::now();
        let mut o = vec![]; let mut e = vec![];
        for b in 0..100 { let (x, y) = sim.run(1, b * 16, true, &mut ()); o.extend(x); e.extend(y); }
        let n = o.len() as f64;
        let wars = o.iter().map(|o| o.wars as f64).sum::<f64>() / n;
        let cr = o.iter().map(|o| o.crises as f64).sum::<f64>() / n;
        let any = o.iter().filter(|o| o.wars > 0).count() as f64 / n;
        let pb = o.iter().map(|o| o.peak_burden).sum::<f64>() / n;
        let mut mot = [0; 4]; for x in &o { if let Some(m) = x.motive { mot[m as usize] += 1; } }
        println!("m {m:.2} q {q}: wars {wars:.2} any {any:.2} crises {cr:.1} peak burden {pb:.3} motives {mot:?} fail {} us/history {:.1}", o.iter().filter(|o| o.failure.is_some()).count(), t0.elapsed().as_secs_f64() * 1e6 / n);
        for e in e.iter().take(if wars > 0.0 { 6 } else { 3 }) { println!("   {e:?}"); }
    }
}
