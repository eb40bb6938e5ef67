package dev.neurontp.ops.preflight;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.preflight.HostFindings;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.create.SlurmHosts;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at the hosts of a pool before it is started. */
@Command(
        name = "preflight",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at the hosts of a pool before it is started: one connection each, all at once, and nothing stays there.",
            "Is the host reached and the key accepted; is neuron there, of the same version; are the devices there; is the"
                    + " address of the settings its own; does nothing else stand on stdout or read stdin; what has a daemon"
                    + " that was killed left there. tpctl up --hosts does the same before it starts anything.",
            "Exit code 1 when a pool on these hosts would fail, 2 for a wrong name or setting, 3 when the launcher cannot be"
                    + " started here."
        })
public final class PreflightCommand implements Callable<Integer> {
    private final Screen screen;

    @Option(
            names = "--hosts",
            required = true,
            paramLabel = "H:D",
            description = "The hosts, each with its devices, as for tpctl up: gpu-1:0-3,gpu-2:0-3, or slurm.")
    String hosts;

    @Option(
            names = "--launcher",
            required = true,
            paramLabel = "NAME",
            description = "A launcher of the settings (launchers.NAME). " + KnownLaunchers.NAMES + " need no settings.")
    String launcher;

    @Option(names = "--config", paramLabel = "FILE", description = "The daemon's settings (TOML).")
    Path config;

    @Option(
            names = "--communicator",
            paramLabel = "NAME",
            completionCandidates = CommunicatorNames.class,
            description =
                    "One of ${COMPLETION-CANDIDATES}; loopback needs no GPU. Default: that of the settings (nccl).")
    String communicator;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public PreflightCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = settings(System.getenv());
        List<HostSlots> slots;
        try {
            slots = SlurmHosts.split(hosts);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--hosts: " + e.getMessage(), "--help lists the options.", e);
        }
        List<HostFindings> found = HostChecks.of(
                settings,
                launcher,
                slots,
                communicator == null ? settings.get(DaemonSettings.COMMUNICATOR) : communicator);
        if (output.json()) {
            found.forEach(host -> screen.line(ApiJson.text(object(host))));
        } else {
            HostChecks.show(found, screen);
        }
        return found.stream().anyMatch(HostFindings::failed) ? ExitCode.FAILED : ExitCode.OK;
    }

    private Settings settings(Map<String, String> environment) {
        Optional<Path> file = SettingsFile.of(Optional.ofNullable(config), environment);
        try {
            return KnownLaunchers.read(file, environment, Optional.of(launcher));
        } catch (SettingsException e) {
            throw new CommandException(ExitCode.USAGE, e.getMessage(), "neuron --print-config shows the settings.", e);
        }
    }

    private static Map<String, Object> object(HostFindings host) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("host", host.host());
        object.put("ok", !host.failed());
        object.put("took_ms", host.millis());
        object.put(
                "checks",
                host.findings().stream()
                        .map(finding -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("check", HostChecks.label(finding.check()));
                            one.put("result", finding.verdict().name().toLowerCase(Locale.ROOT));
                            one.put("found", finding.text());
                            one.put("remedy", finding.remedy());
                            return one;
                        })
                        .toList());
        return object;
    }
}
