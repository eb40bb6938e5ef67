package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.pool.PoolPlan;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.PoolNames;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.pool.SharedGpu;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.U32;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Turns the body of {@code POST /pools} into a plan, within what the settings allow. */
final class PoolRequestReader {
    private static final int SMALLEST_WORLD = 1;

    private final Supplier<Settings> settings;
    private final List<String> ownCommand;

    PoolRequestReader(Supplier<Settings> settings, List<String> ownCommand) {
        this.settings = settings;
        this.ownCommand = List.copyOf(ownCommand);
    }

    PoolPlan read(JsonFields body) {
        return read(body, body.text("name"));
    }

    /** The pool of that name; a name in the body must be the same. */
    PoolPlan read(JsonFields body, String name) {
        body.text("name").filter(given -> !given.equals(name)).ifPresent(given -> {
            throw QueryParameters.wrong(
                    "name",
                    "name is '" + ForeignText.of(given, ForeignText.NAME) + "' and the path names '"
                            + ForeignText.of(name, ForeignText.NAME) + "': they must be the same");
        });
        return read(body, Optional.of(name));
    }

    private PoolPlan read(JsonFields body, Optional<String> givenName) {
        // All of one request by the same settings, whatever is reloaded meanwhile.
        Settings now = settings.get();
        Optional<String> name = givenName.map(given -> named("name", () -> PoolNames.require(given)));
        Map<String, String> labels = body.textMap("labels")
                .map(given -> named("labels", () -> PoolNames.requireLabels(given)))
                .orElseGet(Map::of);
        int worldSize = body.require(
                        "world_size", body.number("world_size", SMALLEST_WORLD, now.get(DaemonSettings.WORLD_SIZE)))
                .intValue();
        Optional<List<Long>> devices = body.numbers("devices", 0, U32.MAX);
        boolean share = body.flag("share_devices").orElse(false) || SharedGpu.isAskedFor(System.getenv());
        RestartPolicy restart = body.text("restart")
                .map(given -> named("restart", () -> RestartPolicy.named(ForeignText.of(given, ForeignText.NAME))))
                .orElse(RestartPolicy.NEVER);
        if (restart != RestartPolicy.NEVER && name.isEmpty()) {
            throw QueryParameters.wrong(
                    "restart",
                    "restart is '" + restart.label() + "' and the pool has no name: set name, by which the pool that"
                            + " takes its place is found");
        }
        CommunicatorProvider communicator =
                communicator(body.text("communicator").orElse(now.get(DaemonSettings.COMMUNICATOR)));
        List<String> command = body.texts("command")
                .map(given -> requireAllowed(given, now.get(DaemonSettings.COMMANDS)))
                .orElse(ownCommand);
        Optional<PlacementReader.Placed> placed =
                PlacementReader.read(now, body.text("launcher"), body.texts("hosts"), worldSize, communicator);
        Deadlines usual =
                placed.map(places -> places.deadlines(now.deadlines())).orElseGet(now::deadlines);
        Deadlines deadlines =
                body.object("deadlines").map(given -> deadlines(given, usual)).orElse(usual);
        body.end();
        if (placed.isPresent() && devices.isPresent()) {
            throw QueryParameters.wrong(
                    "devices", "devices does not go with hosts, which name the devices of each host");
        }
        List<Long> oneEach = placed.map(PlacementReader.Placed::devices).orElseGet(() -> devices(devices, worldSize));
        if (communicator.needsGpu() && !share) {
            placed.map(PlacementReader.Placed::placement)
                    .ifPresentOrElse(places -> requireDistinct(places, oneEach), () -> requireDistinct(oneEach));
        }
        return new PoolPlan(
                name,
                labels,
                worldSize,
                oneEach,
                share,
                restart,
                communicator,
                command,
                command.equals(ownCommand),
                placed.map(PlacementReader.Placed::placement),
                deadlines);
    }

    private static List<Long> devices(Optional<List<Long>> given, int worldSize) {
        return given.map(some -> requireOneEach(some, worldSize))
                .orElseGet(() -> LongStream.range(0, worldSize).boxed().toList());
    }

    private static void requireDistinct(List<Long> devices) {
        for (int rank = 0; rank < devices.size(); rank++) {
            int first = devices.indexOf(devices.get(rank));
            if (first < rank) {
                throw QueryParameters.wrong(
                        "devices",
                        "devices gives the GPU " + devices.get(rank) + " to rank " + first + " and to rank " + rank
                                + ": give each rank its own, or set share_devices");
            }
        }
    }

    /** Those of one name are compared where they are read; here, those of two names that are one machine. */
    private static void requireDistinct(Placement placement, List<Long> devices) {
        for (int rank = 0; rank < devices.size(); rank++) {
            for (int first = 0; first < rank; first++) {
                Place place = placement.of(rank);
                if (placement.of(first).machine().equals(place.machine())
                        && devices.get(first).equals(devices.get(rank))) {
                    throw QueryParameters.wrong(
                            "hosts",
                            "hosts gives the GPU " + devices.get(rank) + " of "
                                    + (place.machine().isEmpty() ? "this host" : place.machine()) + " to rank " + first
                                    + " as one of " + placement.of(first).host() + ", and to rank " + rank
                                    + " as one of " + place.host() + ": give each rank its own, or set share_devices");
                }
            }
        }
    }

    private static List<Long> requireOneEach(List<Long> devices, int worldSize) {
        if (devices.size() != worldSize) {
            throw QueryParameters.wrong(
                    "devices",
                    "devices has " + devices.size() + " entries for world_size " + worldSize
                            + ": every rank has one, rank 0 too");
        }
        return devices;
    }

    private static CommunicatorProvider communicator(String name) {
        return named("communicator", () -> Communicators.named("communicator", name));
    }

    /** What breaks a rule is told with the field that it stands in. */
    private static <T> T named(String field, Supplier<T> checked) {
        try {
            return checked.get();
        } catch (IllegalArgumentException e) {
            throw QueryParameters.wrong(field, e.getMessage());
        }
    }

    private List<String> requireAllowed(List<String> command, List<List<String>> more) {
        List<List<String>> allowed = new ArrayList<>(List.of(ownCommand));
        allowed.addAll(more);
        if (!allowed.contains(command)) {
            throw new ApiException(
                    ErrorType.COMMAND_NOT_ALLOWED,
                    "the command " + RequestBody.quote(Json.text(command))
                            + " is not allowed here: add it, word by word, to pools.commands in the daemon's settings,"
                            + " then tpctl reload",
                    ApiError.Detail.allowed(allowed));
        }
        return command;
    }

    private static Deadlines deadlines(JsonFields given, Deadlines usual) {
        Optional<Duration> ready = given.time("ready");
        Optional<Duration> ping = given.time("ping");
        Optional<Duration> init = given.time("init");
        Optional<Duration> sanity = given.time("sanity");
        given.end();
        return named(
                "deadlines",
                () -> new Deadlines(
                        ready.orElse(usual.ready()),
                        ping.orElse(usual.ping()),
                        init.orElse(usual.init()),
                        sanity.orElse(usual.sanity()),
                        usual.bye(),
                        usual.sigterm(),
                        usual.sigkill(),
                        usual.stop()));
    }
}
