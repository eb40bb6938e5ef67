package dev.neurontp.ops.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.neurontp.harness.launch.HostSlots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment of a Slurm job says of its nodes. */
class SlurmHostsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            SLURM_GPUS_PER_NODE=4 SLURM_NTASKS_PER_NODE=1; a:0,1,2,3 b:0,1,2,3
            SLURM_GPUS_PER_NODE=a100:2,v100:1;            a:0,1,2 b:0,1,2
            SLURM_GPUS_ON_NODE=2;                         a:0,1 b:0,1
            SLURM_GPUS=a100:4 SLURM_GPUS_ON_NODE=2;       a:0,1 b:0,1
            SLURM_GPUS=6 SLURM_GPUS_PER_NODE=3 SLURM_GPUS_ON_NODE=3; a:0,1,2 b:0,1,2
            SLURM_NTASKS_PER_NODE=2 SLURM_TASKS_PER_NODE=1(x2); a:0,1 b:0,1
            SLURM_TASKS_PER_NODE=2(x2);                   a:0,1 b:0,1
            SLURM_TASKS_PER_NODE=3,1;                     a:0,1,2 b:0
            """)
    void oneRankForEachGpuOrElseForEachTask(String said, String hosts) throws Exception {
        assertThat(hosts(said, "echo a; echo b")).containsExactly(hosts.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            SLURM_TASKS_PER_NODE=1;     SLURM_TASKS_PER_NODE is '1': it has 1 nodes, and SLURM_JOB_NODELIST has 2
            SLURM_TASKS_PER_NODE=1,1(x3);     SLURM_TASKS_PER_NODE is '1,1(x3)': it has 4 nodes, and SLURM_JOB_NODELIST has 2
            SLURM_TASKS_PER_NODE=x;     SLURM_TASKS_PER_NODE is 'x': it is no number
            SLURM_GPUS_PER_NODE=0;      SLURM_GPUS_PER_NODE is '0': a node has 1 to 1024 ranks
            SLURM_GPUS=4 SLURM_TASKS_PER_NODE=1(x2); SLURM_GPUS is '4': that is all GPUs of the job
            SLURM_GPUS=6 SLURM_GPUS_ON_NODE=4; SLURM_GPUS is '6': that is all GPUs of the job, and not how many a node has
            SLURM_GPUS=6 SLURM_GPUS_ON_NODE=4; this one of 2 has 4
            OTHER=1;                    says neither its GPUs nor its tasks
            """)
    void whatMakesNoHostsIsRefused(String said, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts(said, "echo a; echo b"))
                .withMessageContaining(message);
    }

    /** A name that is cut must not be taken for a host. */
    @Test
    void aListThatIsCutIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts(
                        "SLURM_GPUS_PER_NODE=1", "i=0; while echo node-$i; do i=$((i + 1)); done | head -c 300000"))
                .withMessageContaining("says more than a pool can have hosts");
    }

    /** 140 million nodes, of which a list takes more memory than there is. */
    @Test
    void moreTasksThanNodesAreNotSpelledOut() {
        String tasks = String.join(",", Collections.nCopies(14_000, "1(x9999)"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts("SLURM_TASKS_PER_NODE=" + tasks, "echo a; echo b"))
                .withMessageContaining("it has 139986000 nodes, and SLURM_JOB_NODELIST has 2");
    }

    @Test
    void moreRanksThanAnyPoolHasAreNotSpelledOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts("SLURM_GPUS_PER_NODE=1024", "seq 20000"))
                .withMessageContaining("has 20480000 places for ranks on 20000 nodes, and at most 262144 are taken");
    }

    @Test
    void outsideOfAJobThereAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlurmHosts.of(Map.of("SLURM_CONF", "/etc/slurm"), "/no/such/scontrol"))
                .withMessageContaining("SLURM_JOB_NODELIST is not set: start it inside salloc or sbatch");
    }

    @Test
    void anScontrolThatDoesNotHelpIsTold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts("SLURM_GPUS_ON_NODE=1", "echo 'Invalid hostlist' >&2; exit 1"))
                .withMessageContaining("says no names of 'n[1-2]' (SLURM_JOB_NODELIST): exit code 1, Invalid hostlist");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hosts("SLURM_GPUS_ON_NODE=1", "echo '-oProxyCommand=x'"))
                .withMessageContaining("a host is '-oProxyCommand=x:0'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlurmHosts.of(Map.of("SLURM_JOB_NODELIST", "n1"), "/no/such/scontrol"))
                .withMessageContaining("put it on the PATH");
    }

    private List<String> hosts(String said, String script) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("SLURM_JOB_NODELIST", "n[1-2]"));
        for (String one : said.split(" ", -1)) {
            environment.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        Path scontrol = Files.writeString(
                folder.resolve("scontrol"),
                "#!/bin/sh\n[ \"$*\" = 'show hostnames n[1-2]' ] || exit 9\n" + script + "\n");
        Files.setPosixFilePermissions(scontrol, PosixFilePermissions.fromString("rwxr-xr-x"));
        return SlurmHosts.of(environment, scontrol.toString()).stream()
                .map(HostSlots::toString)
                .toList();
    }
}
