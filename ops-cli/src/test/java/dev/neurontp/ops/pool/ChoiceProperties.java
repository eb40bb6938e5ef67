package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.ops.CommandException;
import dev.neurontp.ops.ExitCode;
import dev.neurontp.ops.client.PoolSummary;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChoiceProperties {
    @Property
    void aPrefixPicksThePoolThatItAloneBegins(@ForAll("ids") Set<String> ids, @ForAll("prefix") String prefix) {
        Listing listing = listing(ids.stream().map(id -> pool(id, "ready")).toList());
        Set<String> matches = ids.stream().filter(id -> id.startsWith(prefix)).collect(Collectors.toSet());
        if (matches.size() == 1) {
            assertThat(Choice.toActOn(listing, prefix).id())
                    .isEqualTo(matches.iterator().next());
            return;
        }
        assertThatThrownBy(() -> Choice.toActOn(listing, prefix)).isInstanceOfSatisfying(CommandException.class, e -> {
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
        Listing listing = listing(pool("aaaaaaaa", "failed"), pool("bbbbbbbb", "joined"), pool("cccccccc", "gone"));
        assertThat(Choice.toActOn(listing, null).id()).isEqualTo("bbbbbbbb");
    }

    @Example
    void aFailedPoolIsWorthReadingAbout() {
        Listing listing = listing(pool("aaaaaaaa", "failed"), pool("bbbbbbbb", "joined"));
        assertThatThrownBy(() -> Choice.toRead(listing, null)).isInstanceOfSatisfying(CommandException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(e.next()).contains("aaaaaaaa (failed)", "bbbbbbbb (joined)");
        });
        assertThat(Choice.toRead(listing(pool("aaaaaaaa", "failed")), null).id())
                .isEqualTo("aaaaaaaa");
    }

    @Example
    void aWholeIdIsNotAmbiguous() {
        Listing listing = listing(pool("aaaa", "ready"), pool("aaaaaaaa", "ready"));
        assertThat(Choice.toActOn(listing, "aaaa").id()).isEqualTo("aaaa");
    }

    @Example
    void whereADaemonIsSilentTheOnlyPoolIsNotKnown() {
        CommandException silent = new CommandException(ExitCode.COULD_NOT_RUN, "no connection", "look");
        Listing listing = new Listing(
                List.of(new Listing.Reply(null, null, List.of(pool("aaaaaaaa", "ready")))), List.of(silent));
        assertThatThrownBy(() -> Choice.toActOn(listing, null)).isSameAs(silent);
        assertThat(Choice.toActOn(listing, "aa").id()).isEqualTo("aaaaaaaa");
    }

    private static Listing listing(PoolSummary... pools) {
        return listing(Arrays.asList(pools));
    }

    private static Listing listing(List<PoolSummary> pools) {
        return new Listing(List.of(new Listing.Reply(null, null, pools)), List.of());
    }

    private static PoolSummary pool(String id, String state) {
        return new PoolSummary(id, 1, state, 2, "loopback", Instant.EPOCH, List.of(), null, null);
    }
}
