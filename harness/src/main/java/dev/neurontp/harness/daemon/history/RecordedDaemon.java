package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.PoolView.Fate;
import dev.neurontp.harness.daemon.runtime.HostIdentity;
import dev.neurontp.harness.process.ProcessIdentity;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The daemon that has written something down.
 *
 * @param host where its pid counts
 */
record RecordedDaemon(long pid, long startTicks, String bootId, String version, Instant started, HostIdentity host) {
    private static final Pattern BOOT = Pattern.compile("[0-9A-Za-z-]{1,64}");

    /** This process. */
    static RecordedDaemon ofThisProcess(String version, Instant started) {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
        return new RecordedDaemon(self.pid(), self.startTicks(), self.bootId(), version, started, HostIdentity.here());
    }

    /** Whether it names a process. */
    boolean plausible() {
        return pid > 0
                && startTicks >= 0
                && bootId != null
                && BOOT.matcher(bootId).matches()
                && version != null
                && started != null
                && host != null
                && host.plausible();
    }

    /** What is known of it from here, by a file that it has last {@code written}. */
    Fate fate(Instant written) {
        if (HostIdentity.isHere(bootId, host)) {
            ProcessIdentity daemon = new ProcessIdentity(pid, startTicks, bootId);
            return daemon.alive() ? Fate.LIVE : daemon.gone() ? Fate.GONE : Fate.UNKNOWN;
        }
        return HostIdentity.isEarlierBoot(bootId, host, written) ? Fate.GONE : Fate.UNKNOWN;
    }
}
