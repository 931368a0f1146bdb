//! x
use spiral_testkit::races::*; use spiral_testkit::tiny; use spiral_testkit::ensembles::scenario;
fn main(){ let a: Vec<String>=std::env::args().skip(1).collect(); let n: u32=a[1].parse().unwrap(); let mut s=scenario(&a[0],&[]).setup;
 for x in &a[2..] { let (p,v)=x.split_once('=').unwrap(); let v: f64=v.parse().unwrap(); if p.contains('.') {tiny::set(&mut s,p,v)} else {tiny::set_all(&mut s,p,v)} }
 let c=crises(&s,1,n); 
 for t in [0.02,0.04,0.06,0.08,0.1] { let (o,l,h)=odds_ratio(&c,t); let r=c.iter().filter(|c|c.race>=t); let k=r.clone().count(); let w=r.filter(|c|c.war).count(); let kk=c.iter().filter(|c|c.race<t).count(); let ww=c.iter().filter(|c|c.race<t&&c.war).count(); println!("threshold {t}: OR {o:.2} [{l:.2},{h:.2}] race {w}/{k} none {ww}/{kk}"); }
 let w=|nb:bool|c.iter().filter(|c|c.neighbours==nb&&c.war).count() as f64;
 let k=|nb:bool|s.dyads.iter().filter(|d|d.from<d.to&&(d.inputs.contact>=1.0)==nb).count() as f64;
 println!("wars per pair: neighbours {} of {} pairs, others {} of {} pairs; ratio {:.1}", w(true),k(true),w(false),k(false), (w(true)/k(true))/(w(false)/k(false)));
}
