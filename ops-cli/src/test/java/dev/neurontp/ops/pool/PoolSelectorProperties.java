package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PoolSelectorProperties {
    @Property
    void aPrefixPicksThePoolThatItAloneBegins(@ForAll("ids") Set<String> ids, @ForAll("prefix") String prefix) {
        PoolListing listing = listing(ids.stream().map(id -> pool(id, "ready")).toList());
        Set<String> matches = ids.stream().filter(id -> id.startsWith(prefix)).collect(Collectors.toSet());
        if (matches.size() == 1) {
            assertThat(PoolSelector.toActOn(listing, prefix).id())
                    .isEqualTo(matches.iterator().next());
            return;
        }
        assertThatThrownBy(() -> PoolSelector.toActOn(listing, prefix))
                .isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(matches.isEmpty() ? ExitCode.COULD_NOT_RUN : ExitCode.USAGE);
                    assertThat(matches).allSatisfy(match -> assertThat(e.next()).contains(match));
                });
    }

    @Provide
    Arbitrary<Set<String>> ids() {
        return Arbitraries.strings()
                .withChars("ab")
                .ofLength(8)
                .set()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> prefix() {
        return Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(4);
    }

    @Example
    void withoutAnIdTheOnlyLivePoolIsMeant() {
        PoolListing listing = listing(pool("aaaaaaaa", "failed"), pool("bbbbbbbb", "joined"), pool("cccccccc", "gone"));
        assertThat(PoolSelector.toActOn(listing, null).id()).isEqualTo("bbbbbbbb");
    }

    @Example
    void aFailedPoolIsWorthReadingAbout() {
        PoolListing listing = listing(pool("aaaaaaaa", "failed"), pool("bbbbbbbb", "joined"));
        assertThatThrownBy(() -> PoolSelector.toRead(listing, null))
                .isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
                    assertThat(e.next()).contains("aaaaaaaa (failed)", "bbbbbbbb (joined)");
                });
        assertThat(PoolSelector.toRead(listing(pool("aaaaaaaa", "failed")), null)
                        .id())
                .isEqualTo("aaaaaaaa");
    }

    @Example
    void aWholeIdIsNotAmbiguous() {
        PoolListing listing = listing(pool("aaaa", "ready"), pool("aaaaaaaa", "ready"));
        assertThat(PoolSelector.toActOn(listing, "aaaa").id()).isEqualTo("aaaa");
    }

    @Example
    void whereADaemonIsSilentTheOnlyPoolIsNotKnown() {
        CommandException silent = new CommandException(ExitCode.COULD_NOT_RUN, "no connection", "look");
        PoolListing listing = new PoolListing(
                List.of(),
                List.of(new PoolListing.Reply(null, null, List.of(pool("aaaaaaaa", "ready")))),
                List.of(silent));
        assertThatThrownBy(() -> PoolSelector.toActOn(listing, null)).isSameAs(silent);
        assertThat(PoolSelector.toActOn(listing, "aa").id()).isEqualTo("aaaaaaaa");
    }

    @Example
    void aNameGoesBeforeTheBeginningOfAnIdAndAWholeIdBeforeAName() {
        PoolListing listing = listing(
                pool("ababcccc", "ready"),
                named("bbbbbbbb", "ab", 2, "ready"),
                named("cccccccc", "aaaaaaaa", 3, "ready"));
        assertThat(PoolSelector.toActOn(listing, "ab").id()).isEqualTo("bbbbbbbb");
        assertThat(PoolSelector.toRead(listing, "aba").id()).isEqualTo("ababcccc");
        PoolListing both = listing(pool("aaaaaaaa", "ready"), named("cccccccc", "aaaaaaaa", 3, "ready"));
        assertThat(PoolSelector.toActOn(both, "aaaaaaaa").id()).isEqualTo("aaaaaaaa");
    }

    @Example
    void aNameIsThatOfTheLivePoolElseOfTheNewest() {
        PoolSummary old = named("aaaaaaaa", "llama", 1, "failed");
        PoolSummary newer = named("bbbbbbbb", "llama", 2, "gone");
        assertThat(PoolSelector.toActOn(listing(newer, old), "llama").id()).isEqualTo("bbbbbbbb");
        PoolListing withLive = listing(old, newer, named("cccccccc", "llama", 3, "joined"));
        assertThat(PoolSelector.toRead(withLive, "llama").id()).isEqualTo("cccccccc");
    }

    @Example
    void aNameThatTwoDaemonsHaveIsNotGuessed() {
        PoolListing listing = listing(named("aaaaaaaa", "llama", 1, "ready"), named("bbbbbbbb", "llama", 1, "ready"));
        assertThatThrownBy(() -> PoolSelector.toActOn(listing, "llama"))
                .isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e).hasMessage("'llama' is the name of 2 pools");
                    assertThat(e.next()).contains("aaaaaaaa 'llama' (ready)", "bbbbbbbb");
                });
    }

    private static PoolSummary named(String id, String name, int epoch, String state) {
        return new PoolSummary(
                id,
                Optional.of(name),
                Map.of(),
                epoch,
                state,
                2,
                0,
                "loopback",
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty());
    }

    private static PoolListing listing(PoolSummary... pools) {
        return listing(Arrays.asList(pools));
    }

    private static PoolListing listing(List<PoolSummary> pools) {
        return new PoolListing(List.of(), List.of(new PoolListing.Reply(null, null, pools)), List.of());
    }

    private static PoolSummary pool(String id, String state) {
        return new PoolSummary(
                id,
                Optional.empty(),
                Map.of(),
                1,
                state,
                2,
                0,
                "loopback",
                Instant.EPOCH,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty());
    }
}
