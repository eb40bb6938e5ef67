package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.pool.PoolNames;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Problems;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.NamedPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** A pool as a file says that it shall be: TOML with the fields of the daemon's interface (docs/operating.md, 'The pool file'). */
final class PoolFile {
    private static final String READABLE = "Name a pool file that can be read (TOML), or - for stdin.";
    private static final int MOST_BYTES = 1 << 16;
    private static final int MOST_RANKS = 1024;
    /** A device's index is an unsigned 32-bit number. */
    private static final long LAST_DEVICE = 0xFFFF_FFFFL;

    private PoolFile() {}

    /**
     * Reads and checks it.
     *
     * @param file a path, or {@code -} for {@code stdin}
     * @return a request with a name
     * @throws CommandException with everything that is wrong, each with its line and column
     */
    static PoolRequest read(String file, InputStream stdin) {
        String name = name(file);
        TomlParseResult parsed = parse(file, name, stdin);
        List<String> problems = new ArrayList<>();
        parsed.errors()
                .forEach(
                        error -> problems.add(name + " line " + error.position().line() + ", column "
                                + error.position().column() + ": not TOML: " + error.getMessage()));
        Optional<PoolRequest> request =
                problems.isEmpty() ? Optional.of(request(TomlFields.of(name, parsed, problems))) : Optional.empty();
        if (!problems.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Problems.lines(problems),
                    "The format is in docs/operating.md, 'The pool file'; tpctl man apply has an example.");
        }
        return request.orElseThrow();
    }

    /** How messages call it. */
    static String name(String file) {
        return file.equals("-") ? "stdin" : file;
    }

    private static TomlParseResult parse(String file, String name, InputStream stdin) {
        try {
            byte[] content = file.equals("-")
                    ? SmallFile.bounded(stdin, MOST_BYTES)
                    : SmallFile.readNamed(NamedPath.of(file), MOST_BYTES);
            return Toml.parse(new ByteArrayInputStream(content));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, e.getMessage(), READABLE, e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, name + " cannot be read: " + FileErrors.reason(e), READABLE, e);
        }
    }

    private static PoolRequest request(TomlFields file) {
        Optional<String> name = file.text("name", PoolNames::require);
        if (!file.has("name")) {
            file.wrong("name", "name is missing: it tells which pool is meant the next time");
        }
        Map<String, String> labels = file.textTable("labels");
        file.checked("labels", () -> PoolNames.requireLabels(labels));
        Optional<List<String>> named = file.texts("hosts");
        boolean slurm = named.filter(SlurmHosts::areMeant).isPresent();
        Optional<List<HostSlots>> slots = named.flatMap(
                given -> file.checked("hosts", () -> slurm ? SlurmHosts.ofThisJob() : HostSlots.parseAll(given)));
        Optional<Long> size = file.number("world_size", 1, MOST_RANKS);
        if (!file.has("world_size") && !slurm) {
            file.wrong("world_size", "world_size is missing: the number of ranks");
        }
        Optional<List<Long>> devices = file.numbers("devices", 0, LAST_DEVICE);
        if (size.isPresent() && devices.isPresent() && devices.get().size() != size.get()) {
            file.wrong(
                    "devices",
                    "devices names " + devices.get().size() + " and world_size is " + size.get()
                            + ": every rank has one, rank 0 too");
        }
        Optional<Boolean> shareDevices = file.flag("share_devices");
        Optional<String> restart =
                file.text("restart", given -> RestartPolicy.named(given).label());
        Optional<String> communicator = file.text(
                "communicator",
                given -> Communicators.named("communicator", given).name());
        Optional<List<String>> command = file.texts("command");
        Optional<String> launcher =
                file.text("launcher", given -> given).or(() -> slurm ? Optional.of(SlurmHosts.WORD) : Optional.empty());
        if (launcher.isPresent() != named.isPresent()) {
            file.wrong(
                    launcher.isPresent() ? "launcher" : "hosts",
                    "launcher and hosts go together: the one says by what the ranks are started, the other where");
        }
        Map<String, String> deadlines = new LinkedHashMap<>();
        file.table("deadlines").ifPresent(given -> {
            for (String step : List.of("ready", "ping", "init", "sanity")) {
                given.text(step, text -> duration(step, text)).ifPresent(text -> deadlines.put(step, text));
            }
            given.end();
        });
        file.end();
        return new PoolRequest(
                name,
                labels,
                size.map(Long::intValue)
                        .orElseGet(() -> slots.map(PoolFile::ranks).orElse(1)),
                devices,
                shareDevices,
                restart,
                communicator,
                command,
                launcher,
                slots.map(given -> given.stream().map(HostSlots::toString).toList()),
                deadlines);
    }

    private static int ranks(List<HostSlots> slots) {
        return slots.stream().mapToInt(host -> host.devices().size()).sum();
    }

    private static String duration(String step, String text) {
        return Durations.parse(text)
                .map(_ -> text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "deadlines." + step + " is '" + ForeignText.of(text, ForeignText.NAME)
                                + "': it must be a number and a unit, as in \"30s\" (ms, s, m, h)"));
    }
}
