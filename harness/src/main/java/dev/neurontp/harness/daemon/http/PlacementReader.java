package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.settings.LauncherSettings;
import dev.neurontp.harness.daemon.settings.PlacementSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns the hosts and the launcher that a request names into places. Words come from the daemon's settings alone. */
final class PlacementReader {
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
        LauncherSettings.Launched launched =
                named("launcher", () -> PlacementSettings.launched(settings, launcher.orElseThrow()));
        List<HostSlots> slots = named("hosts", () -> HostSlots.parseAll(hosts.get()));
        List<Long> devices =
                slots.stream().flatMap(host -> host.devices().stream()).toList();
        if (devices.size() != worldSize) {
            throw QueryParameters.wrong(
                    "hosts",
                    "hosts have " + devices.size() + " devices for world_size " + worldSize
                            + ": every rank has one, rank 0 too");
        }
        Placement placement = named("hosts", () -> PlacementSettings.places(settings, launched, slots, communicator));
        return Optional.of(new Placed(placement, devices, launched.ready()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static <T> T named(String field, Supplier<T> checked) {
        try {
            return checked.get();
        } catch (IllegalArgumentException e) {
            throw QueryParameters.wrong(field, e.getMessage());
        }
    }
}
