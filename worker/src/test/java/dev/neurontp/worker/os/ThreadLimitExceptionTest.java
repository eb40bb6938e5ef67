package dev.neurontp.worker.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit of control groups that a message names, on hosts with either version of them. */
class ThreadLimitExceptionTest {
    @TempDir
    private Path folder;

    private void limit(String group, String value) throws IOException {
        Path path = Files.createDirectories(folder.resolve("cgroup").resolve(group));
        Files.writeString(path.resolve("pids.max"), value + "\n");
    }

    private String read(String memberships) throws IOException {
        Path file = Files.writeString(folder.resolve("memberships"), memberships);
        return ThreadLimitException.pidsMax(file, folder.resolve("cgroup"));
    }

    @Test
    void theLeastOfItsGroupAndThoseAboveCounts() throws IOException {
        limit("user.slice", "max");
        limit("user.slice/user-1000.slice", "300");
        limit("user.slice/user-1000.slice/session-1.scope", "max");
        assertThat(read("0::/user.slice/user-1000.slice/session-1.scope\n")).isEqualTo("300");
        limit("user.slice/user-1000.slice/session-1.scope", "40");
        assertThat(read("0::/user.slice/user-1000.slice/session-1.scope\n")).isEqualTo("40");
        assertThat(read("0::/user.slice\n")).isEqualTo("max");
    }

    /** As in a container: its own group is the root that it sees. */
    @Test
    void theRootCounts() throws IOException {
        limit("", "77");
        assertThat(read("0::/\n")).isEqualTo("77");
    }

    @Test
    void versionOneHasAFolderOfItsOwnForProcesses() throws IOException {
        limit("pids/job_7", "64");
        assertThat(read("9:name=systemd:/\n8:pids:/job_7\n4:memory:/x\n0::/\n")).isEqualTo("64");
        assertThat(read("3:cpu,pids:/job_7\n")).isEqualTo("64");
        assertThat(read("4:memory:/job_7\n0::/\n")).isEqualTo("unknown");
    }

    @Test
    void whatIsNoNumberIsNoLimit() throws IOException {
        limit("a", "-1");
        assertThat(read("0::/a\nnonsense\n")).isEqualTo("unknown");
        assertThat(read("")).isEqualTo("unknown");
    }
}
