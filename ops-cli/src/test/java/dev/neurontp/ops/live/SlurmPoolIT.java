package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pools over srun, one step a rank: a real munged, slurmctld and slurmd in each of two network namespaces, one allocation of both. */
@Tag("long")
class SlurmPoolIT extends HostFaults {
    private static Path hosts;
    private static String job;

    @BeforeAll
    static void startTheHosts() throws Exception {
        hosts = Files.createTempDirectory(Path.of("/tmp"), "slurm"); // a short path: sockets are in it
        require(script("slurm", hosts, "start"), "munged", "slurmctld", "slurmd", "srun", "salloc", "ip", "nsenter");
        job = Files.readString(hosts.resolve("job")).strip();
    }

    @AfterAll
    static void stopTheHosts() throws Exception {
        if (Files.exists(hosts.resolve("slurm.conf"))) {
            Programs.runs(script("slurm", hosts, "stop"));
        }
        Programs.runs(List.of("rm", "-rf", hosts.toString()));
    }

    @Override
    List<String> hosts(String what) {
        return script("slurm", hosts, what);
    }

    @Override
    String good() {
        return "slurm";
    }

    @Override
    List<String> onTheFirst() {
        return List.of(
                "srun",
                "--quiet",
                "--jobid=" + job,
                "--overlap",
                "--nodes=1",
                "--ntasks=1",
                "--nodelist=h1",
                "--unbuffered");
    }

    @Override
    Map<String, String> more() {
        return Map.of("SLURM_CONF", hosts.resolve("slurm.conf").toString());
    }

    @Override
    String launchers() {
        String neuron = Programs.neuron();
        return launcher("slurm", "slurm", neuron, "job = \"" + job + "\"")
                + launcher("missing", "slurm", "/no/such/neuron", "job = \"" + job + "\"")
                + launcher("ended", "slurm", neuron, "job = \"999\"")
                + ADDRESSES;
    }

    @Override
    Map<String, String> wrong() {
        return Map.of("missing", "/no/such/neuron", "ended", "Invalid job id");
    }

    @Test
    void aPoolHasTheNodesAndTasksOfItsJob() throws Exception {
        Path config = Files.writeString(
                folder.resolve("job.toml"),
                launcher("slurm", "slurm", Programs.neuron()) + ADDRESSES + "[pools]\ncommunicator = \"loopback\"\n");
        String up = "'" + Programs.tpctl() + "' up --hosts slurm --config '" + config + "'";
        ProgramProcess dry = inAJob(up + " --dry-run");
        assertThat(dry.exitCode()).as(dry.stderr()).isZero();
        assertThat(dry.stdout().stream().filter(line -> line.matches("# rank .*")))
                .containsExactly("# rank 0 on h1", "# rank 1 on h1", "# rank 2 on h2", "# rank 3 on h2");
        ProgramProcess ran = inAJob("pool=$(" + up + " -d --timeout 2m) && '" + Programs.tpctl() + "' init $pool && '"
                + Programs.tpctl() + "' sanity $pool; '" + Programs.tpctl() + "' shutdown $pool");
        assertThat(ran.exitCode()).as(ran.stderr()).isZero();
        assertThat(ran.stdout()).anyMatch(line -> line.contains("every rank adds up to 4"));
        assertThat(workers()).isEmpty();
    }

    private ProgramProcess inAJob(String line) {
        ProgramProcess job = ProgramProcess.command(
                        Map.of(
                                "SLURM_CONF",
                                hosts.resolve("slurm.conf").toString(),
                                "NEURON_RUNTIME_DIR",
                                folder.resolve("of-job").toString()),
                        inTheLeader(List.of(
                                "salloc",
                                "--quiet",
                                "--nodes=2",
                                "--ntasks-per-node=2",
                                "--immediate=60",
                                "sh",
                                "-c",
                                line)))
                .closeStdin();
        job.exitCode(LIMIT.multipliedBy(2));
        return job;
    }

    @Test
    void slurmTakesTheScriptOfTheDocs() throws Exception {
        // The nodes here have no GPUs.
        List<String> sbatch = List.of(
                "env",
                "SLURM_CONF=" + hosts.resolve("slurm.conf"),
                "sbatch",
                "--test-only",
                "--gpus-per-node=0",
                Programs.root().resolve("docs/hosts/neuron.sbatch").toString());
        assertThat(Programs.runs(inTheLeader(sbatch))).isTrue();
    }
}
