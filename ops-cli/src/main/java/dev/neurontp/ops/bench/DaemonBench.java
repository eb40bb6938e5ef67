package dev.neurontp.ops.bench;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.bench.Median;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/**
 * What a daemon adds to a ping of a pool, and what it takes to hold pools and connections. Each figure comes from fresh daemons, whose
 * code is interpreted at first.
 *
 * @param rounds how many requests each daemon gets, from 50 to {@link #MOST_ROUNDS}
 * @param runs how often; medians are given, at least 1
 */
record DaemonBench(int rounds, int runs) {
    static final int MOST_ROUNDS = 1_000_000;

    private static final int COLD = 50;
    private static final int FIRST = 500;
    private static final int WARM = 1000;
    private static final int POOLS = 6;
    private static final int CONNECTIONS = 500;
    private static final double MILLI = 1e6;

    DaemonBench {
        if (rounds < COLD || rounds > MOST_ROUNDS || runs < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + " and runs is " + runs
                    + ": the first must be from " + COLD + " to " + MOST_ROUNDS + ", the second at least 1");
        }
    }

    /**
     * What a daemon takes whose settings nobody has changed.
     *
     * @throws IllegalArgumentException for any other size
     */
    static void requireWorldSize(int size) {
        int most = DaemonSettings.WORLD_SIZE.fallback();
        if (size < 1 || size > most) {
            throw new IllegalArgumentException(
                    "the world size is " + size + ": it must be from 1 to " + most + ", a daemon's default limit");
        }
    }

    /** Which of the requests to a daemon: the first 50, the first 500, the last 1000. */
    enum Part {
        FIRST_50,
        FIRST_500,
        WARM
    }

    /**
     * Medians of one kind of request.
     *
     * @param millis in milliseconds; without those parts for which there were too few
     */
    record Times(Map<Part, Double> millis) {
        private static Times of(double[] millis) {
            Map<Part, Double> parts = new EnumMap<>(Part.class);
            parts.put(Part.FIRST_50, first(millis, COLD));
            if (millis.length >= FIRST) {
                parts.put(Part.FIRST_500, first(millis, FIRST));
            }
            if (millis.length >= FIRST + WARM) {
                parts.put(Part.WARM, Median.of(Arrays.stream(millis, millis.length - WARM, millis.length)));
            }
            return new Times(parts);
        }

        private static double first(double[] millis, int count) {
            return Median.of(Arrays.stream(millis, 0, count));
        }

        private static Times medians(List<Times> all) {
            return all.getFirst().map(part -> Median.of(all.stream().mapToDouble(one -> one.millis.get(part))));
        }

        /** How many times those of the other, which has the same parts. */
        Times over(Times other) {
            return map(part -> millis.get(part) / other.millis.get(part));
        }

        private Times map(ToDoubleFunction<Part> figure) {
            Map<Part, Double> parts = new EnumMap<>(Part.class);
            millis.keySet().forEach(part -> parts.put(part, figure.applyAsDouble(part)));
            return new Times(parts);
        }
    }

    /**
     * Pings of one pool.
     *
     * @param http from the request to the end of its answer
     * @param pool what the daemon says that the ranks took of it
     */
    record Pings(Times http, Times pool) {}

    /**
     * Resident memory of a daemon, in bytes.
     *
     * @param idle when it has just begun to listen and answered once
     * @param pool more for each pool of two ranks that is left alone
     * @param connection more for each connection that has asked once and stays open
     */
    record Memory(double idle, double pool, double connection) {}

    /** The least that a request takes: {@code GET /livez}, which touches no pool. */
    Times livez() throws IOException, InterruptedException {
        List<Times> seen = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            try (BenchDaemon daemon = BenchDaemon.start();
                    KeptConnection connection = daemon.connect()) {
                byte[] request = connection.request("GET", "/livez", "");
                double[] millis = new double[rounds];
                for (int i = 0; i < rounds; i++) {
                    long began = System.nanoTime();
                    connection.ask(request);
                    millis[i] = (System.nanoTime() - began) / MILLI;
                }
                seen.add(Times.of(millis));
            }
        }
        return Times.medians(seen);
    }

    /** A pool of our own workers over loopback, pinged by {@code POST /pools/ID/ping}. */
    Pings pings(int size) throws IOException, InterruptedException {
        List<Times> http = new ArrayList<>();
        List<Times> pool = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            try (BenchDaemon daemon = BenchDaemon.start();
                    KeptConnection connection = daemon.connect()) {
                byte[] request = connection.request("POST", "/pools/" + daemon.create(size) + "/ping", "");
                double[] all = new double[rounds];
                double[] inside = new double[rounds];
                for (int i = 0; i < rounds; i++) {
                    long began = System.nanoTime();
                    String answer = connection.ask(request);
                    all[i] = (System.nanoTime() - began) / MILLI;
                    inside[i] = tookMillis(answer);
                }
                http.add(Times.of(all));
                pool.add(Times.of(inside));
            }
        }
        return new Pings(Times.medians(http), Times.medians(pool));
    }

    /** What six pools and 500 connections add. */
    Memory memory() throws IOException, InterruptedException {
        List<Memory> seen = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            try (BenchDaemon daemon = BenchDaemon.start();
                    KeptConnection connection = daemon.connect()) {
                byte[] livez = connection.request("GET", "/livez", "");
                connection.ask(livez);
                long idle = daemon.resident();
                for (int i = 0; i < POOLS; i++) {
                    daemon.create(2);
                }
                long pools = daemon.resident();
                List<KeptConnection> open = new ArrayList<>();
                try {
                    for (int i = 0; i < CONNECTIONS; i++) {
                        open.add(daemon.connect());
                        open.getLast().ask(livez);
                    }
                    double connections = daemon.resident();
                    seen.add(new Memory(idle, (pools - idle) / (double) POOLS, (connections - pools) / CONNECTIONS));
                } finally {
                    for (KeptConnection one : open) {
                        one.close();
                    }
                }
            }
        }
        return new Memory(
                Median.of(seen.stream().mapToDouble(Memory::idle)),
                Median.of(seen.stream().mapToDouble(Memory::pool)),
                Median.of(seen.stream().mapToDouble(Memory::connection)));
    }

    private static double tookMillis(String answer) throws IOException {
        JsonNode took = Json.mapper().readTree(answer).path("result").path("took_ms");
        if (!took.isNumber()) {
            throw new IOException("the daemon's answer to a ping is not that of one that is done: " + answer);
        }
        return took.asDouble();
    }
}
