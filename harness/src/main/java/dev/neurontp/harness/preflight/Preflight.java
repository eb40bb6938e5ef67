package dev.neurontp.harness.preflight;

import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.preflight.Finding.Check;
import dev.neurontp.harness.preflight.Finding.Verdict;
import dev.neurontp.harness.process.BoundedRun;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks at the hosts of a pool before any of its ranks is started: one connection each, all at once. */
public final class Preflight {
    /** For one host: a connection, and a start of the program. */
    private static final Duration LIMIT = Duration.ofSeconds(25);

    private static final int TOKEN_BYTES = 16;
    private static final int MOST_BYTES = 64 * 1024;

    private final Placement placement;
    private final List<Long> devices;
    private final CommunicatorProvider communicator;
    private final LooksUnderWay underWay;

    /**
     * Nothing is looked at yet.
     *
     * @param devices of all ranks, each the index on its host
     */
    public Preflight(Placement placement, List<Long> devices, CommunicatorProvider communicator) {
        this.placement = placement.named("preflight-" + ProcessHandle.current().pid());
        this.devices = List.copyOf(devices);
        this.communicator = communicator;
        this.underWay = new LooksUnderWay(this.placement);
    }

    /**
     * What is found, in the order of the hosts. Blocks, with a bound. A {@link WorkerGuard} ends the launchers, each in a session of its
     * own, where this process ends before; where a signal ends it, what they have started elsewhere goes too.
     *
     * @throws IllegalArgumentException when the launcher cannot be started here
     * @throws IOException when this host gives no more threads or processes
     */
    public List<HostFindings> run() throws IOException, InterruptedException {
        WorkerGuard.ensure();
        ExitHook hook = ExitHook.bounded("preflight-end", EndCommand.LIMIT, underWay::endAll);
        hook.install();
        try {
            return look();
        } finally {
            hook.remove();
            WorkerGuard.dismiss();
        }
    }

    private List<HostFindings> look() throws ThreadLimitException, InterruptedException {
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int rank = 0; rank < placement.places().size(); rank++) {
            first.putIfAbsent(placement.of(rank).host(), rank);
        }
        List<Integer> ranks = List.copyOf(first.values());
        HostFindings[] found = new HostFindings[ranks.size()];
        Failures failures = new Failures();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < found.length && failures.none(); i++) {
            int index = i;
            try {
                threads.add(DaemonThread.start("preflight-" + i, () -> {
                    try {
                        found[index] = host(ranks.get(index));
                    } catch (RuntimeException | Error | ThreadLimitException e) {
                        failures.add(e);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }));
            } catch (ThreadLimitException e) {
                failures.add(e); // those that look already are waited for: their launchers must not stay
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        failures.throwFirst();
        return List.of(found);
    }

    /** Why a host could not be looked at from here, which is no fault of that host. Any thread. */
    private static final class Failures {
        private final Queue<Throwable> all = new ConcurrentLinkedQueue<>();

        void add(Throwable failure) {
            all.add(failure);
        }

        boolean none() {
            return all.isEmpty();
        }

        void throwFirst() throws ThreadLimitException {
            Throwable first = all.peek();
            if (first instanceof ThreadLimitException limit) {
                throw limit;
            }
            if (first instanceof RuntimeException failure) {
                throw failure;
            }
            if (first instanceof Error failure) {
                throw failure;
            }
        }
    }

    private HostFindings host(int rank) throws ThreadLimitException, InterruptedException {
        Place place = placement.of(rank);
        Deadline since = Deadline.in(LIMIT);
        List<String> line = placement.beside(rank(rank), List.of("--preflight"));
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        List<Finding> findings;
        underWay.begin(rank(rank));
        try {
            ProcessBuilder launcher = new ProcessBuilder(WorkerCommand.of(line).inOwnSession());
            BoundedRun run = BoundedRun.of(launcher, Optional.of(token), MOST_BYTES, Deadline.in(LIMIT));
            findings = findings(place, run, token);
            if (run.exitCode().isEmpty() || !run.stdoutWithItsEnd().contains(HostReport.BEGIN)) {
                leaveNothing(rank, run);
            }
        } catch (ThreadLimitException e) {
            throw e;
        } catch (IOException e) {
            findings = List.of(new Finding(Check.REACHABLE, Verdict.FAIL, String.valueOf(e.getMessage()), ""));
        } finally {
            underWay.over(rank(rank));
        }
        return new HostFindings(place.host(), findings, since.elapsed().toMillis());
    }

    /** What the launcher has started may run on there, or be about to start. */
    private void leaveNothing(int rank, BoundedRun run) throws InterruptedException {
        Optional<EndCommand> end = placement.end(rank(rank));
        if (end.isPresent() && run.exitCode().isEmpty()) {
            end.get().runForUnheard(Deadline.in(EndCommand.LIMIT));
        } else if (end.isPresent()) {
            end.get().runOnce(Deadline.in(EndCommand.LIMIT));
        }
    }

    private List<Finding> findings(Place place, BoundedRun run, String token) {
        List<String> before = new ArrayList<>();
        for (String line : run.stdoutWithItsEnd().lines().toList()) {
            if (line.contains(HostReport.BEGIN)) {
                int at = line.indexOf(HostReport.BEGIN);
                before.add(line.substring(0, at));
                return HostReport.parse(line.substring(at))
                        .map(report -> new Judgement(place, wanted(place.host()), unseen(place.host()), communicator)
                                .of(report, String.join(" ", before).strip(), run.stderrWithItsEnd(), token))
                        .orElseGet(() -> List.of(Unreached.of(run, place, LIMIT)));
            }
            before.add(line);
        }
        return List.of(Unreached.of(run, place, LIMIT));
    }

    private Placement.Rank rank(int rank) {
        return new Placement.Rank(rank, placement.places().size(), devices.get(rank));
    }

    /** As the look itself counts them: a container that has one device alone counts anew. */
    private List<Long> wanted(String host) {
        return ranks(host)
                .map(rank -> placement.deviceInside(rank(rank)))
                .distinct()
                .toList();
    }

    /** Those of the other ranks, where each has a container with one device alone. */
    private List<Long> unseen(String host) {
        int looked = ranks(host).findFirst().orElseThrow();
        return placement.of(looked).launcher().oneDevice()
                ? ranks(host)
                        .map(devices::get)
                        .filter(device -> !device.equals(devices.get(looked)))
                        .distinct()
                        .toList()
                : List.of();
    }

    private Stream<Integer> ranks(String host) {
        return IntStream.range(0, devices.size())
                .filter(rank -> placement.of(rank).host().equals(host))
                .boxed();
    }
}
