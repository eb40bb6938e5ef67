package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.KernelLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the driver has reported to the kernel's log: Xid of GPUs, SXid of NVSwitches. */
final class KernelLogChecks {
    private static final Pattern XID = Pattern.compile("NVRM: Xid \\(PCI:([0-9a-fA-F:.]{4,16})[^)]*\\): (\\d{1,4})");
    private static final Pattern SXID = Pattern.compile("SXid.*?: (\\d{1,6}), (\\w+)");
    private static final double DAY = 24 * 3600;

    /** A program's own fault: illegal address, engine error, stopped channel, preemptive cleanup. */
    private static final Set<Integer> APPLICATION = Set.of(13, 31, 43, 45);

    /** Uncorrectable memory errors, bus and firmware failures: the GPU is not to be used before a reset. */
    private static final Set<Integer> FATAL = Set.of(48, 62, 64, 79, 95, 119, 120, 140, 143);

    private KernelLogChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D30, KernelLogChecks::xids));
    }

    private static Finding xids(Evidence evidence) {
        return switch (evidence.host().kernelLog()) {
            case KernelLog.Reading.Unreadable unreadable ->
                Finding.skipped("the kernel's log cannot be read: " + unreadable.reason()
                        + ". Run it on the host as root; in a container with --cap-add SYSLOG");
            case KernelLog.Reading.Lines log -> xids(evidence, log);
        };
    }

    private static Finding xids(Evidence evidence, KernelLog.Reading.Lines log) {
        double since = evidence.wanted().sinceBoot() ? 0 : log.now() - DAY;
        Map<String, Integer> seen = new TreeMap<>();
        boolean fatal = false;
        boolean bad = false;
        for (String line : log.lines()) {
            Matcher xid = XID.matcher(line);
            Matcher sxid = SXID.matcher(line);
            if (at(line) < since) {
                continue;
            }
            if (xid.find()) {
                int code = Integer.parseInt(xid.group(2));
                seen.merge("Xid " + code + " of " + xid.group(1), 1, Integer::sum);
                fatal |= FATAL.contains(code);
                bad |= !APPLICATION.contains(code);
            } else if (sxid.find()) {
                seen.merge("SXid " + sxid.group(1) + " (" + sxid.group(2) + ")", 1, Integer::sum);
                fatal |= sxid.group(2).equals("Fatal");
                bad = true;
            }
        }
        String window = evidence.wanted().sinceBoot() ? " since boot" : " in the last 24 hours";
        if (seen.isEmpty() && log.since() > Math.max(since, 0)) {
            return Finding.skipped(
                    "the kernel's log here begins " + Math.round(log.since()) + " s after the boot, "
                            + Math.round(log.now() - log.since()) + " s ago, with no Xid and no SXid: what came before"
                            + " is not known. Keep the journal on disk (journald's Storage=persistent), or boot with a larger log_buf_len");
        }
        if (seen.isEmpty()) {
            return Finding.ok("no Xid and no SXid" + window);
        }
        List<String> words = new ArrayList<>();
        seen.forEach((what, times) -> words.add(what + (times == 1 ? "" : ", " + times + " times")));
        String said = Finding.join(words) + window;
        if (fatal) {
            return Finding.fail(
                    said,
                    "none",
                    "nvidia-smi --gpu-reset -i N after all its users have ended, or reboot;"
                            + " if it comes back, replace the GPU");
        }
        return bad
                ? Finding.warn(said, "none", "see docs.nvidia.com/deploy/xid-errors for the code")
                : Finding.ok(said + ": faults of programs, not of the GPU");
    }

    /** Seconds since boot; a line without them counts as new. */
    private static double at(String line) {
        return KernelLog.seconds(line).orElse(Double.MAX_VALUE);
    }
}
