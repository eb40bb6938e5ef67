package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the GPUs of each daemon's host, and which pool holds which. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the GPUs of each daemon's host as nvidia-smi counts them, and which ranks of live pools are on them.",
            "The ranks of all daemons that were found are shown; those of another user's daemon stand under the other programs,"
                    + " which nvidia-smi lists with the pids of the host."
        })
public final class DevicesCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    ConnectOptions connect;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public DevicesCommand(Screen screen) {
        this.screen = screen;
    }

    /** One GPU. */
    private record Gpu(Daemon daemon, NodeView.Device device, Optional<NodeView.DeviceUsage> usage, List<Holder> held) {
        /** What computes there and is no rank that we know of. */
        List<NodeView.DeviceProcess> others() {
            return usage.map(NodeView.DeviceUsage::processes).stream()
                    .flatMap(List::stream)
                    .filter(program -> held.stream().noneMatch(rank -> rank.pid() == program.pid()))
                    .toList();
        }
    }

    private static String text(NodeView.DeviceProcess program) {
        return program.name() + " (pid " + program.pid()
                + program.vramUsedMb().map(used -> ", " + used + " MiB").orElse("") + ")";
    }

    /** A rank that is on a GPU. */
    private record Holder(String pool, int rank, long pid) {
        String text() {
            return pool + " rank " + rank + " (pid " + pid + ")";
        }
    }

    @Override
    public Integer call() {
        List<Daemon> daemons = connect.daemons();
        PoolListing listing = PoolListing.of(daemons, connect);
        if (listing.replies().isEmpty() && !listing.failures().isEmpty()) {
            throw listing.failures().getFirst();
        }
        List<CommandException> failures = new ArrayList<>(listing.failures());
        List<Gpu> gpus = new ArrayList<>();
        for (Daemon daemon : listing.answered()) {
            try {
                gpus.addAll(of(daemon, listing));
            } catch (CommandException e) {
                failures.add(e);
            } catch (ApiErrorException e) {
                failures.add(ApiErrors.explain(e));
            }
        }
        print(gpus);
        failures.forEach(
                failure -> new ErrorOutput(screen.terminal().err(), output.json()).print("tpctl devices", failure));
        return CommandException.exitCode(failures);
    }

    private List<Gpu> of(Daemon daemon, PoolListing listing) {
        NodeView.Health health = get(daemon, "/health", NodeView.Health.class);
        List<NodeView.Device> devices =
                get(daemon, "/discovery", NodeView.Discovery.class).devices();
        Map<Long, List<Holder>> held = held(listing, daemon);
        List<Gpu> gpus = new ArrayList<>();
        for (NodeView.Device device : devices) {
            gpus.add(new Gpu(
                    daemon, device, health.usage(device.index()), held.getOrDefault((long) device.index(), List.of())));
        }
        String problem = health.devicesProblem()
                .map(reason -> ": " + reason)
                .orElse(devices.isEmpty() ? ": it has no nvidia-smi, or that lists none" : "");
        if (!problem.isEmpty()) {
            screen.say((devices.isEmpty() ? "no GPU is known to daemon " : "an old reading, of daemon ")
                    + daemon
                    + problem);
        }
        return gpus;
    }

    private <T> T get(Daemon daemon, String path, Class<T> type) {
        return daemon.read(daemon.get(path, connect.readTimeout()), type);
    }

    private Map<Long, List<Holder>> held(PoolListing listing, Daemon daemon) {
        return listing.pools().stream()
                .filter(found -> found.daemon() == daemon && isOnItsDevices(found.pool()))
                .filter(found -> usesGpus(found.pool().communicator()))
                .flatMap(found -> ranks(found).stream()
                        .filter(rank -> rank.host().isEmpty())
                        .map(rank -> Map.entry(rank.device(), new Holder(found.id(), rank.rank(), rank.pid()))))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** Those of a pool; none where it has been removed from the list meanwhile. */
    private List<PoolView.Rank> ranks(PoolRef found) {
        try {
            return found.now(connect.readTimeout()).ranks();
        } catch (ApiErrorException e) {
            if (e.error().is(ErrorType.NO_SUCH_POOL)) {
                return List.of();
            }
            throw e;
        }
    }

    private static boolean isOnItsDevices(PoolSummary pool) {
        return pool.live() || pool.terminating();
    }

    /** Where nothing is on a GPU the device of a rank is a number that it was given, and nothing more. */
    static boolean usesGpus(String communicator) {
        return communicator.equals("nccl");
    }

    private void print(List<Gpu> gpus) {
        if (output.json()) {
            gpus.forEach(gpu -> screen.line(ApiJson.text(object(gpu))));
            return;
        }
        if (gpus.isEmpty()) {
            return;
        }
        Table table = new Table("DEVICE", "NAME", "MEMORY USED", "GPU", "TEMP", "DAEMON", "RANKS", "OTHER PROGRAMS")
                .wrapping();
        for (Gpu gpu : gpus) {
            table.row(
                    Cell.of(gpu.device().index()),
                    Cell.of(gpu.device().name()),
                    Cell.of(gpu.usage()
                                    .flatMap(NodeView.DeviceUsage::vramUsedMb)
                                    .map(String::valueOf)
                                    .orElse("-") + " of "
                            + gpu.device().vramTotalMb().map(String::valueOf).orElse("-") + " MiB"),
                    Cell.of(gpu.usage()
                            .flatMap(NodeView.DeviceUsage::utilizationPct)
                            .map(use -> use + "%")
                            .orElse("-")),
                    Cell.of(gpu.usage()
                            .flatMap(NodeView.DeviceUsage::tempC)
                            .map(degrees -> degrees + " C")
                            .orElse("-")),
                    Cell.of(gpu.daemon().url().getAuthority()),
                    Cell.of(
                            gpu.held().isEmpty()
                                    ? "-"
                                    : gpu.held().stream().map(Holder::text).collect(Collectors.joining(", "))),
                    Cell.of(
                            gpu.others().isEmpty()
                                    ? "-"
                                    : gpu.others().stream()
                                            .map(DevicesCommand::text)
                                            .collect(Collectors.joining(", "))));
        }
        table.lines(screen.columns()).forEach(screen::line);
    }

    private static Map<String, Object> object(Gpu gpu) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", gpu.device());
        object.put("usage", gpu.usage());
        object.put("ranks", gpu.held());
        object.put("others", gpu.others());
        object.put("daemon", gpu.daemon().url().toString());
        return object;
    }
}
