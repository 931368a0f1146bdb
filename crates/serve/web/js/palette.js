// Colours that people with any colour vision can tell apart: those of the program's own figures (Okabe and Ito 2008).
export const WORLD_A = '#6b6b6b';
export const WORLD_B = '#0072b2';
export const OBSERVED = '#222222';
export const ALLIANCE = '#0072b2';
export const THREAT = '#d55e00';
export const WAR = '#111111';
export const MOTIVES = { preemption: '#d55e00', prevention: '#e69f00', predation: '#009e73', accident: '#cc79a7' };
