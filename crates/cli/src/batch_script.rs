//! Scripts that run the shards of a study on a batch system. A person reads, changes and submits them; the program itself talks to no
//! scheduler.

use std::fmt::Write as _;

use clap::ValueEnum;
use spiral_results::quoted;

/// A system that runs many tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Slurm
    Slurm,
    /// OpenPBS and PBS Professional
    Pbs,
    /// Grid Engine
    Sge,
    /// IBM Spectrum LSF
    Lsf,
    /// HTCondor
    Htcondor,
    /// HyperQueue
    Hq,
    /// Kubernetes, as an indexed job
    Kubernetes,
    /// GNU parallel, on one machine or over ssh
    Parallel,
}

/// What the tasks run, and what each of them gets.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// Study file or directory, with the options that replace its histories and seed.
    pub(crate) study: Vec<String>,
    /// Number of shards.
    pub(crate) shards: u32,
    /// Shards that are run, in order; all if there are none.
    pub(crate) only: Vec<u32>,
    /// Threads of a task.
    pub(crate) threads: usize,
    /// Longest time of a task, hours.
    pub(crate) hours: u32,
    /// Memory of a task, gigabytes.
    pub(crate) memory_gb: u32,
    /// Directory of the directories of the shards.
    pub(crate) directory: String,
}

impl Job {
    /// Number of tasks, which are numbered from 0.
    fn tasks(&self) -> u32 {
        if self.only.is_empty() { self.shards } else { self.only.len() as u32 }
    }

    /// The words of the command of a task; `index` is the value of `--index`.
    fn words(&self, index: &str) -> Vec<String> {
        let mut words = vec!["spiral".to_string(), "shard".to_string()];
        words.extend(self.study.iter().cloned());
        let rest =
            ["--index", index, "--of", &self.shards.to_string(), "--threads", &self.threads.to_string()].map(str::to_string);
        words.extend(rest);
        words.extend(["--out".to_string(), format!("{}/{{index}}", self.directory), "--resume".to_string()]);
        words
    }

    /// The command of a task for a shell; `task` is the shell's text for the number of the task, from 0.
    fn command(&self, task: &str) -> String {
        if self.only.is_empty() {
            return format!("exec {}\n", shell(&self.words("auto")));
        }
        let command = shell(&self.words("SHARD")).replace("--index SHARD", "--index \"$1\"");
        format!("# The shards that are run, one for each task.\nset -- {}\nshift {task}\nexec {command}\n", self.numbers(" "))
    }

    fn numbers(&self, between: &str) -> String {
        self.only.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
    }

    fn merge(&self) -> String {
        shell(&["spiral", "merge", &self.directory, "--out", "whole"].map(str::to_string))
    }

    /// What stands above a script.
    fn head(&self, engine: &str, submit: &str, merge: &str) -> String {
        let tasks = if self.tasks() == 1 { "1 task".to_string() } else { format!("{} tasks", self.tasks()) };
        format!(
            "# A study in {} shards on {engine}: {tasks}. Read this, change what your cluster needs, and submit it from the folder of the study:\n\
             #   {submit}\n\
             # When all tasks have ended, well or not, join the shards; missing ones are named:\n\
             #   {merge}\n\
             # To see which shards are missing: {}\n\
             # A task that is started again continues where it was stopped.\n",
            self.shards,
            shell(&["spiral", "cluster", "status", &self.directory].map(str::to_string))
        )
    }
}

/// Words as a shell takes them.
fn shell(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// The script.
pub(crate) fn script(engine: Engine, job: &Job) -> String {
    let (last, tasks, merge) = (job.tasks() - 1, job.tasks(), job.merge());
    let Job { threads, hours, memory_gb, .. } = job;
    let bash = "#!/bin/bash\n";
    match engine {
        Engine::Slurm => format!(
            "{bash}{}#SBATCH --job-name=spiral\n#SBATCH --array=0-{last}\n#SBATCH --cpus-per-task={threads}\n#SBATCH --mem={memory_gb}G\n\
             #SBATCH --time={hours}:00:00\n#SBATCH --output=spiral-%A-%a.log\nset -eu\n{}",
            job.head("Slurm", "sbatch FILE", &format!("sbatch --dependency=afterany:JOB --wrap {}", quoted(&merge))),
            job.command("\"$SLURM_ARRAY_TASK_ID\"")
        ),
        Engine::Pbs => {
            // An array of one task is no array for PBS.
            let (array, one) =
                if tasks > 1 { (format!("#PBS -J 0-{last}\n"), "") } else { (String::new(), "export SPIRAL_SHARD_INDEX=0\n") };
            format!(
                "{bash}{}#PBS -N spiral\n{array}#PBS -l select=1:ncpus={threads}:mem={memory_gb}gb\n#PBS -l walltime={hours}:00:00\n#PBS -j oe\n\
                 set -eu\ncd \"$PBS_O_WORKDIR\"\n{one}{}",
                job.head(
                    "PBS",
                    "qsub FILE",
                    &format!("echo {} | qsub -W depend=afterany:JOB", quoted(&format!("cd \"$PBS_O_WORKDIR\" && {merge}")))
                ),
                job.command("\"${PBS_ARRAY_INDEX:-0}\"")
            )
        }
        Engine::Sge => format!(
            "{bash}{}#$ -N spiral\n#$ -t 1-{tasks}\n#$ -cwd\n#$ -S /bin/bash\n#$ -pe smp {threads}\n#$ -l h_rt={hours}:00:00\n#$ -l h_vmem={memory_gb}G\n\
             #$ -j y\nset -eu\n{}",
            job.head("Grid Engine", "qsub FILE", &format!("echo {} | qsub -cwd -hold_jid JOB", quoted(&merge))),
            job.command("\"$((SGE_TASK_ID - 1))\"")
        ),
        Engine::Lsf => format!(
            "{bash}{}#BSUB -J \"spiral[1-{tasks}]\"\n#BSUB -n {threads}\n#BSUB -R \"span[hosts=1]\"\n#BSUB -M {memory_gb}GB\n#BSUB -W {hours}:00\n\
             #BSUB -o spiral-%J-%I.log\nset -eu\n{}",
            job.head("LSF", "bsub < FILE", &format!("bsub -w 'ended(JOB)' {}", quoted(&merge))),
            job.command("\"$((LSB_JOBINDEX - 1))\"")
        ),
        Engine::Hq => format!(
            "{bash}{}#HQ --name=spiral\n#HQ --array=0-{last}\n#HQ --cpus={threads}\n#HQ --time-limit={hours}h\nset -eu\n{}",
            job.head("HyperQueue", "hq submit FILE", &format!("hq job wait JOB; {merge}")),
            job.command("\"$HQ_TASK_ID\"")
        ),
        Engine::Parallel => {
            let numbers =
                if job.only.is_empty() { format!("seq 0 {last}") } else { format!("printf '%s\\n' {}", job.numbers(" ")) };
            let command = shell(&job.words("SHARD")).replace("--index SHARD", "--index {}");
            format!(
                "{bash}{}set -eu\n# As many tasks at a time as the machine has processors for {threads} threads each.\n\
                 jobs=$(( ($(nproc) + {threads} - 1) / {threads} ))\n{numbers} | parallel --quote --jobs \"$jobs\" --joblog spiral-jobs.log {command}\n",
                job.head("GNU parallel", "bash FILE", &merge)
            )
        }
        Engine::Htcondor => htcondor(job),
        Engine::Kubernetes => kubernetes(job),
    }
}

fn htcondor(job: &Job) -> String {
    let Job { threads, hours, memory_gb, .. } = job;
    let (index, queue) = if job.only.is_empty() {
        ("$(Process)", format!("queue {}", job.shards))
    } else {
        ("$(shard)", format!("queue shard in ({})", job.numbers(", ")))
    };
    // HTCondor's own quotes: single ones around a word with spaces, doubled inside.
    let word = |word: &String| if word.contains([' ', '\'']) { format!("'{}'", word.replace('\'', "''")) } else { word.clone() };
    let arguments: Vec<String> = job.words(index).iter().map(word).collect();
    format!(
        "{}universe = vanilla\nexecutable = /usr/bin/env\narguments = \"{}\"\ngetenv = PATH\ntransfer_executable = false\nshould_transfer_files = NO\n\
         request_cpus = {threads}\nrequest_memory = {memory_gb}GB\n# Seconds after which a task is removed: {hours} hours.\n\
         periodic_remove = (JobStatus == 2) && (time() - EnteredCurrentStatus > {})\nlog = spiral.log\noutput = spiral-$(Process).out\n\
         error = spiral-$(Process).err\n{queue}\n",
        job.head("HTCondor", "condor_submit FILE", &format!("condor_wait spiral.log; {}", job.merge())),
        arguments.join(" ").replace('"', "\"\""),
        u64::from(*hours) * 3600
    )
}

fn kubernetes(job: &Job) -> String {
    let Job { threads, hours, memory_gb, .. } = job;
    let mut text = job.head(
        "Kubernetes",
        "kubectl apply -f FILE",
        &format!("kubectl wait --for=jsonpath='{{.status.active}}'=0 job/spiral; {}", job.merge()),
    );
    text.push_str("# Put your image with the program for IMAGE, and a volume claim that all nodes can write for CLAIM; the study stands in it.\n");
    let _ = write!(
        text,
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: spiral\nspec:\n  completionMode: Indexed\n  completions: {tasks}\n  parallelism: {tasks}\n  \
         backoffLimitPerIndex: 3\n  activeDeadlineSeconds: {}\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: shard\n          \
         image: IMAGE\n          workingDir: /study\n          command: [\"/bin/sh\", \"-c\"]\n          args:\n            - |\n",
        u64::from(*hours) * 3600,
        tasks = job.tasks()
    );
    for line in job.command("\"$JOB_COMPLETION_INDEX\"").lines() {
        let _ = writeln!(text, "              {line}");
    }
    let _ = write!(
        text,
        "          resources:\n            requests: {{cpu: \"{threads}\", memory: {memory_gb}Gi}}\n            limits: {{memory: {memory_gb}Gi}}\n          \
         volumeMounts:\n            - {{name: study, mountPath: /study}}\n      volumes:\n        - name: study\n          persistentVolumeClaim: \
         {{claimName: CLAIM}}\n"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(only: &[u32]) -> Job {
        Job {
            study: vec!["my study.ron".to_string()],
            shards: 10,
            only: only.to_vec(),
            threads: 4,
            hours: 6,
            memory_gb: 2,
            directory: "shards".to_string(),
        }
    }

    /// Every script as it was when somebody last looked at it. Another one is written with `SPIRAL_REMINT=1`.
    #[test]
    fn scripts_are_as_they_were_looked_at() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/batch_scripts");
        for engine in Engine::value_variants() {
            for (only, ending) in [(&[][..], ""), (&[3, 7, 8, 9], "-only")] {
                let name = engine.to_possible_value().expect("an engine has a name").get_name().to_string();
                let path = folder.join(format!("{name}{ending}.txt"));
                let made = script(*engine, &job(only));
                if std::env::var_os("SPIRAL_REMINT").is_some() {
                    std::fs::create_dir_all(&folder).expect("a folder");
                    std::fs::write(&path, &made).expect("a file");
                }
                let seen = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                assert_eq!(made, seen, "{}", path.display());
            }
        }
    }

    #[test]
    fn an_array_of_one_task_is_none_for_pbs() {
        let one = script(Engine::Pbs, &Job { shards: 1, ..job(&[]) });
        assert!(!one.contains("-J") && one.contains("export SPIRAL_SHARD_INDEX=0"), "{one}");
    }
}
