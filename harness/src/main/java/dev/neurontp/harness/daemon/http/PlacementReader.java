package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.settings.LauncherSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns the hosts and the launcher that a request names into places. Words come from the daemon's settings alone. */
final class PlacementReader {
    private static final String BIND = "NEURON_LOOPBACK_BIND";

    /** A cut of a few seconds is no reason to end a pool. */
    private static final Duration PING = Duration.ofSeconds(15);
    /** For an agent to end its worker, which has 3 s, and to say so. */
    private static final Duration END = Duration.ofSeconds(6);

    private PlacementReader() {}

    /**
     * What a request wants.
     *
     * @param devices of all ranks, each the index on its host
     * @param ready how long a start by that launcher may take
     */
    record Placed(Placement placement, List<Long> devices, Duration ready) {
        /** Those of the pool: none shorter than a launcher takes. */
        Deadlines deadlines(Deadlines usual) {
            Duration end = longer(usual.sigterm(), END);
            boolean hasEnd = placement.of(0).launcher().end().isPresent();
            Duration command = hasEnd ? EndCommand.LIMIT : Duration.ZERO;
            return new Deadlines(
                    longer(usual.ready(), ready),
                    longer(usual.ping(), PING),
                    usual.init(),
                    usual.sanity(),
                    usual.bye(),
                    end,
                    usual.sigkill(),
                    usual.bye().plus(end).plus(command).plus(usual.sigkill()).plusSeconds(2));
        }
    }

    /** Empty where the request names no host. */
    static Optional<Placed> read(
            Settings settings,
            Optional<String> launcher,
            Optional<List<String>> hosts,
            int worldSize,
            CommunicatorProvider communicator) {
        if (launcher.isEmpty() != hosts.isEmpty()) {
            throw QueryParameters.wrong(
                    launcher.isEmpty() ? "launcher" : "hosts",
                    "launcher and hosts go together: the one says by what the ranks are started, the other where");
        }
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        LauncherSettings.Launched launched = launched(settings, launcher.orElseThrow());
        List<HostSlots> slots = named("hosts", () -> HostSlots.parseAll(hosts.get()));
        List<Long> devices =
                slots.stream().flatMap(host -> host.devices().stream()).toList();
        if (devices.size() != worldSize) {
            throw QueryParameters.wrong(
                    "hosts",
                    "hosts have " + devices.size() + " devices for world_size " + worldSize
                            + ": every rank has one, rank 0 too");
        }
        Launcher launcherOfAll = launched.launcher().withGpus(communicator.needsGpu() ? launched.gpus() : List.of());
        List<Place> places = new ArrayList<>();
        for (HostSlots host : slots) {
            LauncherSettings.Host known = LauncherSettings.host(settings, host.host());
            Map<String, String> environment = new HashMap<>(known.environment());
            if (communicator.name().equals("loopback")) {
                bind(host.host(), known.address(), slots.size()).ifPresent(own -> environment.putIfAbsent(BIND, own));
            }
            for (int local = 0; local < host.devices().size(); local++) {
                places.add(new Place(host.host(), known.address(), local, launcherOfAll, environment));
            }
        }
        return Optional.of(new Placed(new Placement(places, launched.lease()), devices, launched.ready()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static LauncherSettings.Launched launched(Settings settings, String name) {
        if (!LauncherSettings.launchers(settings).contains(name)) {
            throw QueryParameters.wrong(
                    "launcher",
                    "the launcher '" + ForeignText.of(name, ForeignText.NAME)
                            + "' is none of this daemon's settings (launchers.NAME.preset), which have "
                            + (LauncherSettings.launchers(settings).isEmpty()
                                    ? "none"
                                    : String.join(", ", LauncherSettings.launchers(settings))));
        }
        try {
            return LauncherSettings.launcher(settings, name);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw QueryParameters.wrong("launcher", e.getMessage());
        }
    }

    /** The address on which a rank of the loopback communicator is reached; empty where its own default does. */
    private static Optional<String> bind(String host, String address, int hosts) {
        try {
            return Optional.of(InetAddress.ofLiteral(address).getHostAddress());
        } catch (IllegalArgumentException _) {
            if (hosts == 1) {
                return Optional.empty();
            }
            throw QueryParameters.wrong(
                    "hosts",
                    "the address of " + host + " is '" + ForeignText.of(address, ForeignText.NAME)
                            + "': over the communicator loopback the ranks of several hosts need a numeric one, set"
                            + " hosts." + host + ".address");
        }
    }

    private static <T> T named(String field, Supplier<T> checked) {
        try {
            return checked.get();
        } catch (IllegalArgumentException e) {
            throw QueryParameters.wrong(field, e.getMessage());
        }
    }
}
