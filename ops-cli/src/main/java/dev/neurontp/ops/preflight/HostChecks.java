package dev.neurontp.ops.preflight;

import dev.neurontp.harness.daemon.settings.LauncherSettings;
import dev.neurontp.harness.daemon.settings.PlacementSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.preflight.Finding;
import dev.neurontp.harness.preflight.HostFindings;
import dev.neurontp.harness.preflight.Preflight;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Looks at hosts by the settings that a daemon would have, and shows what was found. */
public final class HostChecks {
    private HostChecks() {}

    /**
     * What is found on each.
     *
     * @throws CommandException when a name or a setting is wrong, or the launcher cannot be started here
     */
    public static List<HostFindings> of(Settings settings, String launcher, List<HostSlots> hosts, String communicator)
            throws InterruptedException {
        Preflight preflight;
        try {
            CommunicatorProvider provider = Communicators.named("communicator", communicator);
            LauncherSettings.Launched launched = PlacementSettings.launched(settings, launcher);
            Placement placement = PlacementSettings.places(settings, launched, hosts, provider);
            preflight = new Preflight(
                    placement,
                    hosts.stream().flatMap(host -> host.devices().stream()).toList(),
                    provider);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    e.getMessage(),
                    "Launchers and hosts stand in the settings (--config); tpctl knows " + KnownLaunchers.NAMES
                            + " without them.",
                    e);
        }
        try {
            return preflight.run();
        } catch (ThreadLimitException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "not all " + hosts.size() + " hosts can be looked at from here: " + e.getMessage(),
                    "Each takes a few threads and a launcher of this host: raise its limit, or look at fewer at a time.",
                    e);
        } catch (IllegalArgumentException | IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the launcher '" + launcher + "' cannot be started here: " + e.getMessage(),
                    "Install it, or name another with --launcher.",
                    e);
        }
    }

    /** One row for what is wrong, and one for a host on which nothing is. */
    static void show(List<HostFindings> hosts, Screen screen) {
        table(hosts).lines(screen.columns()).forEach(screen::line);
    }

    /** The same, in a message. */
    public static String text(List<HostFindings> hosts, int columns) {
        return String.join(
                "\n",
                table(hosts.stream().filter(HostFindings::failed).toList()).lines(columns));
    }

    private static Table table(List<HostFindings> hosts) {
        Table table = new Table("HOST", "CHECK", "RESULT", "FOUND").wrapping();
        for (HostFindings host : hosts) {
            List<Finding> told = host.findings().stream()
                    .filter(finding ->
                            finding.verdict() == Finding.Verdict.FAIL || finding.verdict() == Finding.Verdict.WARN)
                    .toList();
            for (Finding finding : told) {
                table.row(
                        Cell.of(host.host()),
                        Cell.of(label(finding.check())),
                        Cell.of(finding.verdict().name()),
                        Cell.of(sentences(finding)));
            }
            if (told.isEmpty()) {
                table.row(Cell.of(host.host()), Cell.of("all"), Cell.of("ok"), Cell.of(summary(host)));
            }
        }
        return table;
    }

    /** What was found, which may be the last line of another program, then what to do. */
    private static String sentences(Finding finding) {
        String text = finding.text();
        String remedy = finding.remedy();
        if (remedy.isEmpty()) {
            return text;
        }
        boolean ended = text.endsWith(".") || text.endsWith("!") || text.endsWith("?");
        return text + (ended ? " " : ". ") + remedy.substring(0, 1).toUpperCase(Locale.ROOT) + remedy.substring(1);
    }

    /** What is worth a word where nothing is wrong. */
    private static String summary(HostFindings host) {
        return String.join(
                ", ",
                host.findings().stream()
                        .filter(finding -> finding.check() == Finding.Check.PROGRAM
                                || finding.check() == Finding.Check.DEVICES
                                || finding.check() == Finding.Check.ADDRESS)
                        .map(finding -> finding.check() == Finding.Check.PROGRAM
                                ? finding.text()
                                : label(finding.check()) + ": " + finding.text())
                        .toList());
    }

    static String label(Finding.Check check) {
        return check.name().toLowerCase(Locale.ROOT);
    }
}
