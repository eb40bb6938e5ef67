package dev.neurontp.ops.doctor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.doctor.host.KernelLog.Reading.Lines;
import dev.neurontp.ops.doctor.host.KernelLog.Reading.Unreadable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs in place of dmesg and journalctl. */
class KernelLogTest {
    private static final String XID = "[ 3000.5] NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.";

    private static KernelLog.Reading read(String... scripts) throws InterruptedException {
        return KernelLog.read(
                Arrays.stream(scripts)
                        .map(script -> List.of("sh", "-c", script))
                        .toList(),
                Duration.ofSeconds(60));
    }

    /** Without when it was read, which is by the clock of the kernel's log. */
    private static Lines known(KernelLog.Reading read) {
        assertThat(read)
                .isInstanceOfSatisfying(
                        Lines.class,
                        lines -> assertThat(lines.now()).isPositive().isLessThanOrEqualTo(System.nanoTime() / 1e9));
        Lines lines = (Lines) read;
        return new Lines(lines.lines(), lines.since(), 0);
    }

    /** The newest lines count most, and stand at the end. */
    @Test
    void theEndOfALongLogIsRead() throws Exception {
        String audit = "[    0.000000] Linux\n[   12.1] audit: type=1400 " + "x".repeat(100);
        KernelLog.Reading log = read("yes '" + audit + "' | head -c 20000000; echo; echo '" + XID + "'");
        assertThat(known(log)).isEqualTo(new Lines(List.of(XID), 0, 0));
    }

    @Test
    void aLineWithoutAnEndIsBounded() throws Exception {
        KernelLog.Reading log =
                read("echo '[    0.000000] Linux'; head -c 50000000 /dev/zero; echo; echo '" + XID + "'");
        assertThat(known(log)).isEqualTo(new Lines(List.of(XID), 0, 0));
    }

    /** Its ring has wrapped. */
    @Test
    void whereDmesgHasForgottenTheBootTheJournalIsAsked() throws Exception {
        String journal = "echo '[    0.000000] host kernel: Linux'; echo '" + XID + "'";
        assertThat(known(read("echo '[ 4000.0] eth0: up'", journal))).isEqualTo(new Lines(List.of(XID), 0, 0));
    }

    @Test
    void howFarALogGoesBackIsKnown() throws Exception {
        assertThat(known(read("echo '[ 4000.0] eth0: up'", "exit 1"))).isEqualTo(new Lines(List.of(), 4000, 0));
        assertThat(known(read("echo '[ 4000.0] eth0: up'", "echo '[ 2000.0] eth0: up'")))
                .isEqualTo(new Lines(List.of(), 2000, 0));
    }

    @Test
    void nothingIsNoLog() throws Exception {
        assertThat(read("true", "exit 4")).isInstanceOf(Unreadable.class);
        assertThat(read("exit 1", "echo '-- No entries --'")).isInstanceOf(Unreadable.class);
    }
}
