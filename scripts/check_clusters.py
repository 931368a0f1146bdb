#!/usr/bin/env python3
"""Runs one study on one machine, then in shards with GNU parallel, HyperQueue and Slurm, from the scripts that `spiral cluster` prints, and
compares every file, byte by byte. Called by scripts/check-clusters with the program and the number of histories of a point.

Slurm has two nodes on this machine; one of them is killed with all its processes while it simulates, and its task is done by the other.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

program, histories = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
SHARDS = 8
STUDY = f"""(
    title: "Two worlds on many machines",
    scenario: "pre-wwi",
    design: (kind: "grid"),
    factors: [(path: "technology.first_strike", levels: [1.0, 1.8])],
    outcomes: ["war", "general_war", "peak_burden"],
    histories: {histories},
)
"""
folder = pathlib.Path(tempfile.mkdtemp(prefix="spiral-clusters-"))
environment = dict(os.environ, PATH=f"{program.parent}{os.pathsep}{os.environ['PATH']}")
(folder / "study.ron").write_text(STUDY, encoding="utf-8")


def fail(message):
    sys.exit(f"{message}\nThe files are in {folder}")


def run(*words, code=0, **options):
    """Runs a command in the folder, and gives back what it prints."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, **options)
    if done.returncode != code:
        fail(f"{' '.join(map(str, words))} ended with {done.returncode}, not {code}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def wait(what, until, seconds=120):
    """Waits until a function gives something true, and gives that back."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = until()
        if found:
            return found
        time.sleep(0.2)
    fail(f"after {seconds} s: {what}")
    return None


def contents(directory):
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def script(engine, place):
    """The script that `spiral cluster` prints for an engine."""
    text = run("spiral", "cluster", engine, "study.ron", "--shards", str(SHARDS), "--threads", "1", "--memory", "1", "--out", place)
    path = folder / f"{engine}.sh"
    path.write_text(text, encoding="utf-8")
    return path


def merged(engine, place, since, remark=""):
    """Joins the shards and compares the study with that of one machine."""
    run("spiral", "cluster", "status", place)
    run("spiral", "--quiet", "merge", place, "--out", f"{engine}-whole")
    found = contents(folder / f"{engine}-whole")
    if found.keys() != alone.keys():
        fail(f"{engine}: other files: {sorted(found.keys() ^ alone.keys())}")
    for name, bytes_ in found.items():
        if bytes_ != alone[name]:
            fail(f"{engine}: {name} differs from that of one machine")
    print(f"{engine}: {SHARDS} shards, {len(found)} files, the same bytes as on one machine; {time.monotonic() - since:.0f} s{remark}", flush=True)


def with_parallel():
    since = time.monotonic()
    run("bash", script("parallel", "parallel-shards"))
    merged("parallel", "parallel-shards", since)


def with_hyperqueue():
    from hyperqueue import Job, LocalCluster
    from hyperqueue.cluster import WorkerConfig

    since = time.monotonic()
    path = script("hq", "hq-shards")
    # A server and two workers of HyperQueue. Its package for Python has no command `hq`, so the array of the script is made here.
    with LocalCluster(str(folder / "hq-server")) as cluster:
        for _ in range(2):
            cluster.start_worker(WorkerConfig(cores=1))
        client = cluster.client()
        job = Job(default_workdir=folder, default_env={"PATH": environment["PATH"]})
        for _ in range(SHARDS):
            job.program(["bash", str(path)])
        client.wait_for_jobs([client.submit(job)])
    merged("hq", "hq-shards", since)


def free_port():
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


class Slurm:
    """A controller, two nodes and munge, all in one folder."""

    NODES = ("one", "two")

    def __init__(self):
        self.place = folder / "slurm"
        self.started = {}
        host = socket.gethostname().split(".")[0]
        for name in ("state", *(f"spool-{node}" for node in self.NODES)):
            (self.place / name).mkdir(parents=True)
        (self.place / "munge").mkdir(mode=0o711)
        key = self.place / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        socket_path = self.place / "munge" / "socket"
        nodes = [
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={free_port()} CPUs=1 RealMemory=2000 State=UNKNOWN" for node in self.NODES
        ]
        lines = [
            "ClusterName=spiral",
            f"SlurmctldHost={host}(127.0.0.1)",
            f"SlurmctldPort={free_port()}",
            "SlurmUser=root",
            "SlurmdUser=root",
            "AuthType=auth/munge",
            f"AuthInfo=socket={socket_path}",
            "CredType=cred/munge",
            f"StateSaveLocation={self.place}/state",
            f"SlurmdSpoolDir={self.place}/spool-%n",
            f"SlurmctldPidFile={self.place}/slurmctld.pid",
            f"SlurmdPidFile={self.place}/slurmd-%n.pid",
            f"SlurmctldLogFile={self.place}/slurmctld.log",
            f"SlurmdLogFile={self.place}/slurmd-%n.log",
            "ProctrackType=proctrack/pgid",
            "TaskPlugin=task/none",
            "SwitchType=switch/none",
            "MpiDefault=none",
            "MailProg=/bin/true",
            "SelectType=select/cons_tres",
            "SelectTypeParameters=CR_Core",
            "SlurmdParameters=config_overrides",
            "AccountingStorageType=accounting_storage/none",
            "JobAcctGatherType=jobacct_gather/none",
            "JobRequeue=1",
            "ReturnToService=2",
            "SlurmdTimeout=6",
            "SchedulerParameters=batch_sched_delay=1,sched_interval=2",
            *nodes,
            f"PartitionName=all Nodes={','.join(self.NODES)} Default=YES MaxTime=INFINITE State=UP",
        ]
        conf = self.place / "slurm.conf"
        conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
        environment["SLURM_CONF"] = str(conf)
        self.socket = socket_path
        log = f"--log-file={self.place}/munge/log"
        munged = ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={socket_path}", log]
        self.start("munged", [*munged, f"--pid-file={self.place}/munge/pid", f"--seed-file={self.place}/munge/seed"])
        wait("munge has no socket", socket_path.exists, 30)
        self.start("slurmctld", ["slurmctld", "-D", "-f", str(conf)])
        for node in self.NODES:
            self.start(node, ["slurmd", "-D", "-N", node, "-f", str(conf)])
        wait("the nodes of Slurm are not idle", lambda: run("sinfo", "-h", "-N", "-o", "%T").split() == ["idle", "idle"])

    def start(self, name, words):
        with (self.place / f"{name}.out").open("wb") as out:
            self.started[name] = subprocess.Popen(words, cwd=self.place, env=environment, stdout=out, stderr=out, start_new_session=True)

    def processes(self, node):
        """Processes of tasks on a node, by what Slurm put into their environment, and Slurm's own process above each."""
        found = set()
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                values = (entry / "environ").read_bytes().split(b"\0")
                if f"SLURMD_NODENAME={node}".encode() in values and f"SLURM_CONF={environment['SLURM_CONF']}".encode() in values:
                    parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                    found.add(int(entry.name))
                    if "slurmstepd" in (pathlib.Path("/proc") / str(parent) / "cmdline").read_text():
                        found.add(parent)
            except OSError:
                continue
        return found

    def kill(self, node):
        """Ends a node as a power cut does."""
        self.started.pop(node).kill()
        for number in self.processes(node):
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stop(self):
        for node in self.NODES:
            for number in self.processes(node):
                try:
                    os.kill(number, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        for process in reversed(list(self.started.values())):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def with_slurm():
    since = time.monotonic()
    path = script("slurm", "slurm-shards")
    slurm = Slurm()
    try:
        run("sbatch", "--parsable", str(path))

        def on_two():
            rows = [row.split() for row in run("squeue", "-h", "-r", "-t", "R", "-o", "%i %N").splitlines()]
            busy = [row[0] for row in rows if len(row) == 2 and row[1] == "two"]
            return busy if busy and slurm.processes("two") else None

        task = wait("no task runs on node two", on_two)[0]
        slurm.kill("two")

        def ended():
            return not run("squeue", "-h", "-r").strip()

        wait("the array does not end", ended, 600)
        state = run("sinfo", "-h", "-N", "-n", "two", "-o", "%T").strip()
        if not state.startswith("down"):
            fail(f"node two was killed and is {state}")
        log = (folder / "slurm" / "slurmctld.log").read_text(errors="replace")
        if "requeue" not in log.lower():
            fail("no task was started again: the killed node had nothing to do")
    finally:
        slurm.stop()
    merged("slurm", "slurm-shards", since, f"; node two was killed during task {task}, which node one did again")


since = time.monotonic()
run("spiral", "--quiet", "sweep", "study.ron", "--threads", "2", "--out", "alone")
alone = contents(folder / "alone")
print(f"one machine: {len(alone)} files, {time.monotonic() - since:.0f} s", flush=True)
checks = {"parallel": with_parallel, "hq": with_hyperqueue, "slurm": with_slurm}
for name in sys.argv[3:]:
    checks[name]()
shutil.rmtree(folder)
