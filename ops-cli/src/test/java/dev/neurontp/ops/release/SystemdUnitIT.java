package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of the daemon, judged by systemd's own tool. */
class SystemdUnitIT {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    /** Of 100, lower is better; docs/installing.md has the figure. */
    private static final String WORST_EXPOSURE = "35";

    @TempDir
    private Path folder;

    private Path unit;
    private String text;

    @BeforeEach
    void withTheProgramOfThisCheckout() throws IOException {
        text = Files.readString(Programs.root().resolve("packaging/neuron.service"));
        unit = folder.resolve("neuron.service");
        Files.writeString(unit, text.replace("/opt/neurontp", Programs.root().toString()));
    }

    private BareProgram analyze(String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "SKIPPED: there is no " + ANALYZE);
        return BareProgram.run(
                Map.of("PATH", "/usr/bin:/bin"), Programs.concat(List.of(ANALYZE.toString()), arguments));
    }

    @Test
    void systemdFindsNothingWrong() throws Exception {
        BareProgram result = analyze("verify", "--man=no", unit.toString());
        assertThat(result.err()).doesNotContain("neuron.service");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void itIsNoMoreExposedThanTheDocumentsSay() throws Exception {
        BareProgram result =
                analyze("security", "--no-pager", "--offline=true", "--threshold=" + WORST_EXPOSURE, unit.toString());
        assertThat(result.code()).as(result.out()).isEqualTo(ExitCode.OK);
    }

    /** Else the list of workers that a crashed daemon has left is gone before the next one starts (systemd.exec(5)). */
    @Test
    void itsRuntimeFolderOutlivesTheDaemon() {
        assertThat(text).contains("\nRuntimeDirectory=neurontp\n", "\nRuntimeDirectoryPreserve=yes\n");
    }

    /** Else "Job type reload is not applicable" is all that systemctl reload says. */
    @Test
    void aReloadIsTheSignalThatTheDaemonReadsItsSettingsAt() {
        assertThat(text).contains("\nExecReload=/bin/kill -HUP $MAINPID\n", "\nSuccessExitStatus=143\n");
    }

    /** Else systemd would stop the daemon, and with it every pool, where one worker is killed for lack of memory (systemd.service(5)). */
    @Test
    void itOutlivesAWorkerThatIsKilledForLackOfMemory() {
        assertThat(text).contains("\nOOMPolicy=continue\n");
    }

    /** Else systemd would kill the daemon while it ends its pools. */
    @Test
    void systemdWaitsLongerThanTheDaemonTakesToStop() {
        Matcher limit = Pattern.compile("(?m)^TimeoutStopSec=(\\d+)s$").matcher(text);
        assertThat(limit.find()).isTrue();
        assertThat(Long.parseLong(limit.group(1)))
                .isGreaterThan(DaemonSettings.STOP.fallback().toSeconds());
    }
}
