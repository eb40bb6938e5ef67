package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Every collective, over every type, gives what plain Java arithmetic gives, bit by bit. */
@Tag("sim")
@AddLifecycleHook(SimulatedLibraries.class)
class CollectivesProperties {
    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void allReduceReduces(
            @ForAll @IntRange(min = 1, max = 5) int world,
            @ForAll Element type,
            @ForAll Element.Op op,
            @ForAll @IntRange(max = 40) int count,
            @ForAll boolean inPlace,
            @ForAll long seed)
            throws Exception {
        List<byte[]> given = contents(world, type, count, seed);
        byte[] expected = type.reduce(given, op);
        Assume.that(!type.anyNan(expected));

        List<byte[]> taken = run(world, (rank, gpu, comm) -> {
            long send = gpu.allocate(given.get(rank));
            long receive = inPlace ? send : gpu.allocate(expected.length);
            call(
                    comm,
                    "ncclAllReduce",
                    send,
                    receive,
                    (long) count,
                    type.code(),
                    op.code(),
                    comm.handle(),
                    gpu.stream());
            return gpu.read(receive, expected.length);
        });

        assertThat(taken).allSatisfy(each -> assertThat(each).isEqualTo(expected));
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void reduceScatterGivesEachRankItsPartOfTheSum(
            @ForAll @IntRange(min = 1, max = 4) int world,
            @ForAll Element type,
            @ForAll Element.Op op,
            @ForAll @IntRange(max = 20) int count,
            @ForAll long seed)
            throws Exception {
        int part = count * type.size();
        List<byte[]> given = contents(world, type, count * world, seed);
        byte[] sum = type.reduce(given, op);
        Assume.that(!type.anyNan(sum));

        List<byte[]> taken = run(world, (rank, gpu, comm) -> {
            long send = gpu.allocate(given.get(rank));
            long receive = gpu.allocate(part);
            call(
                    comm,
                    "ncclReduceScatter",
                    send,
                    receive,
                    (long) count,
                    type.code(),
                    op.code(),
                    comm.handle(),
                    gpu.stream());
            return gpu.read(receive, part);
        });

        for (int rank = 0; rank < world; rank++)
            assertThat(taken.get(rank)).isEqualTo(Arrays.copyOfRange(sum, rank * part, (rank + 1) * part));
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void allGatherGivesEveryRankAllPartsInRankOrder(
            @ForAll @IntRange(min = 1, max = 4) int world,
            @ForAll Element type,
            @ForAll @IntRange(max = 40) int count,
            @ForAll boolean inPlace,
            @ForAll long seed)
            throws Exception {
        int part = count * type.size();
        List<byte[]> given = contents(world, type, count, seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        given.forEach(all::writeBytes);

        List<byte[]> taken = run(world, (rank, gpu, comm) -> {
            long receive = gpu.allocate((long) part * world);
            long send = inPlace ? receive + (long) part * rank : gpu.allocate(part);
            if (part > 0) gpu.write(send, given.get(rank));
            call(comm, "ncclAllGather", send, receive, (long) count, type.code(), comm.handle(), gpu.stream());
            return gpu.read(receive, part * world);
        });

        assertThat(taken).allSatisfy(each -> assertThat(each).isEqualTo(all.toByteArray()));
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void broadcastAndReduceKnowTheirRoot(
            @ForAll @IntRange(min = 1, max = 4) int world,
            @ForAll Element type,
            @ForAll @IntRange(max = 40) int count,
            @ForAll long seed)
            throws Exception {
        int root = (int) Math.floorMod(seed, (long) world);
        int bytes = count * type.size();
        List<byte[]> given = contents(world, type, count, seed);
        byte[] largest = type.reduce(given, Element.Op.MAX);

        List<byte[]> taken = run(world, (rank, gpu, comm) -> {
            long send = gpu.allocate(given.get(rank));
            long receive = gpu.allocate(bytes);
            call(
                    comm,
                    "ncclBroadcast",
                    rank == root ? send : 0L,
                    receive,
                    (long) count,
                    type.code(),
                    root,
                    comm.handle(),
                    gpu.stream());
            assertThat(gpu.read(receive, bytes)).isEqualTo(given.get(root));
            call(
                    comm,
                    "ncclReduce",
                    send,
                    rank == root ? receive : 0L,
                    (long) count,
                    type.code(),
                    Element.Op.MAX.code(),
                    root,
                    comm.handle(),
                    gpu.stream());
            return gpu.read(receive, bytes);
        });

        for (int rank = 0; rank < world; rank++)
            assertThat(taken.get(rank)).isEqualTo(rank == root ? largest : given.get(root));
    }

    @Property(tries = 2)
    void aLargeBufferGetsThrough(@ForAll @IntRange(min = 2, max = 3) int world, @ForAll long seed) throws Exception {
        List<byte[]> given = contents(world, Element.UINT64, 1_000_000, seed);
        byte[] expected = Element.UINT64.reduce(
                given.stream().map(each -> Arrays.copyOf(each, 800)).toList(), Element.Op.SUM);

        List<byte[]> taken = run(world, (rank, gpu, comm) -> {
            long address = gpu.allocate(given.get(rank));
            call(
                    comm,
                    "ncclAllReduce",
                    address,
                    address,
                    1_000_000L,
                    Element.UINT64.code(),
                    0,
                    comm.handle(),
                    gpu.stream());
            return gpu.read(address, 800);
        });

        assertThat(taken).allSatisfy(each -> assertThat(each).isEqualTo(expected));
    }

    private static List<byte[]> run(int world, Ranks.Joined<byte[]> body) throws Exception {
        return Ranks.joined(world, (rank, gpu, comm) -> {
            byte[] result = body.run(rank, gpu, comm);
            assertThat(comm.destroy()).isZero();
            return result;
        });
    }

    private static void call(Comm comm, String collective, Object... arguments) {
        assertThat(Comm.library().call(collective, arguments))
                .as(Comm.lastError())
                .isEqualTo(Comm.IN_PROGRESS);
        assertThat(comm.await(Duration.ofSeconds(20))).isZero();
    }

    private static List<byte[]> contents(int world, Element type, int count, long seed) {
        Random random = new Random(seed);
        return Stream.generate(() -> type.random(random, count)).limit(world).toList();
    }
}
