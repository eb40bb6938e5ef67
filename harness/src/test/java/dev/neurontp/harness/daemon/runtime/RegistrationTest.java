package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.SmallFileSystem;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon stays to be found, whatever becomes of the folder where its file was first. */
class RegistrationTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CERTIFICATE = "ab".repeat(32);

    @TempDir
    Path root;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private RuntimeFolders folders;
    private RuntimeFolder session;
    private Path lasting;
    private Token token;
    private Registration registration;

    @BeforeEach
    void aDaemonOfALoginSession() throws IOException {
        Path login = Files.createDirectories(root.resolve("run/user/1000"));
        Path home = Files.createDirectory(root.resolve("home"));
        lasting = home.resolve(".local/state/neurontp");
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", login.toString(), "HOME", home.toString());
        folders = RuntimeFolders.of(environment, 1000, Optional.empty(), root);
        session = folders.open();
        assertThat(session.path()).isEqualTo(login.resolve("neurontp"));
        token = Token.readOrCreate(session.tokenFile());
        registration = registration(true);
    }

    private Registration registration(boolean tokenIsOurs) throws IOException {
        DaemonFile file = DaemonFile.ofThisProcess("http://127.0.0.1:1", session.tokenFile(), "1", Instant.now());
        WorkerLedger ledger = new WorkerLedger(session, file);
        ledger.add("abc", RankProcesses.of(file.identity()));
        file.write(session);
        return new Registration(folders, session, file, token, tokenIsOurs, ledger, now::get);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** As logind does: the folder goes, and this user cannot create another one there. */
    private void logOut() throws IOException {
        delete(root.resolve("run/user"));
        Files.createFile(root.resolve("run/user"));
    }

    private DaemonFile found(Path folder) {
        List<DaemonFile> live = RuntimeFolder.at(folder).liveDaemons();
        assertThat(live).hasSize(1);
        return live.getFirst();
    }

    @Test
    void itsFileIsWrittenAgainWhenItIsGone() throws Exception {
        Files.delete(session.daemonFiles(registration.file().pid()).getFirst());
        registration.check();
        assertThat(found(session.path())).isEqualTo(registration.file());
    }

    @Test
    void afterALogoutItIsFoundInTheHomeWithTheSameTokenAndItsWorkers() throws Exception {
        logOut();
        registration.check();
        DaemonFile moved = found(lasting);
        assertThat(moved.tokenFile()).isEqualTo(lasting.resolve("token").toString());
        assertThat(token.isIn(lasting.resolve("token"))).isTrue();
        assertThat(registration.folder().path()).isEqualTo(lasting);
        assertThat(lasting.resolve("workers-" + moved.pid() + ".json")).exists();
        registration.end(true, LIMIT);
        try (Stream<Path> files = Files.list(lasting)) {
            assertThat(files).containsExactly(lasting.resolve("token"));
        }
    }

    @Test
    void anotherTokenInThatFolderIsNotOverwritten() throws Exception {
        RuntimeFolder state = RuntimeFolder.at(lasting);
        state.open();
        Token theirs = Token.readOrCreate(state.tokenFile());
        logOut();
        registration.check();
        assertThat(theirs.isIn(state.tokenFile())).isTrue();
        assertThat(token.isIn(Path.of(found(lasting).tokenFile()))).isTrue();
        registration.end(true, LIMIT);
        try (Stream<Path> files = Files.list(lasting)) {
            assertThat(files).containsExactly(state.tokenFile());
        }
    }

    @Test
    void aTokenThatIsGoneIsWrittenAgainButNotOneThatTheSettingsName() throws Exception {
        Files.delete(session.tokenFile());
        registration.check();
        assertThat(token.isIn(session.tokenFile())).isTrue();
        Registration given = registration(false);
        Files.delete(session.tokenFile());
        given.check();
        assertThat(session.tokenFile()).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeHadNowIsTriedAgainLater() throws Exception {
        logOut();
        Files.createFile(root.resolve("home/.local"));
        registration.check();
        Files.delete(root.resolve("home/.local"));
        registration.check();
        assertThat(found(lasting)).isEqualTo(registration.file());
    }

    @Test
    void aFileThatAnotherHostOverwroteIsWrittenBesideIt() throws Exception {
        Path usual = session.daemonFiles(registration.file().pid()).getFirst();
        String theirs = Files.readString(usual).replace(registration.file().bootId(), "another-boot");
        Files.writeString(usual, theirs);
        registration.check();
        assertThat(found(session.path())).isEqualTo(registration.file());
        assertThat(Files.readString(usual)).isEqualTo(theirs);
    }

    @Test
    void afterItsEndNothingIsWritten() throws Exception {
        registration.end(false, LIMIT);
        registration.check();
        assertThat(session.liveDaemons()).isEmpty();
        assertThat(session.workersFiles(registration.file().pid()).getFirst()).exists();
    }

    @Test
    void itsFileIsTouchedSoThatOtherHostsSeeItsLife() throws Exception {
        Path file = session.daemonFiles(registration.file().pid()).getFirst();
        registration.check();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        registration.check();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
        now.set(now.get().plus(Duration.ofMinutes(1)));
        registration.check();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isPositive();
        assertThat(found(session.path())).isEqualTo(registration.file());
    }

    /** Other hosts compare it with that one, and this host's may be wrong. */
    @Test
    void itIsTouchedByTheClockOfTheFileSystem() throws Exception {
        now.set(now.get().minus(Duration.ofHours(1)));
        Registration late = registration(true);
        Path file = session.daemonFiles(late.file().pid()).getFirst();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        Path before = Files.writeString(root.resolve("before"), "written");
        now.set(now.get().plus(Duration.ofMinutes(1)));
        late.check();
        assertThat(Files.getLastModifiedTime(file)).isGreaterThanOrEqualTo(Files.getLastModifiedTime(before));
    }

    @Test
    void itIsTouchedAfterThisHostsClockWasSetBackToo() throws Exception {
        Path file = session.daemonFiles(registration.file().pid()).getFirst();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        now.set(now.get().minus(Duration.ofHours(1)));
        registration.check();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isPositive();
    }

    /** Who clears folders of what is old asks the time of each file. */
    @Test
    void theListOfItsWorkersIsTouchedWithIt() throws Exception {
        Path list = session.workersFiles(registration.file().pid()).getFirst();
        String content = Files.readString(list);
        Files.setLastModifiedTime(list, FileTime.fromMillis(0));
        now.set(now.get().plus(Duration.ofMinutes(1)));
        registration.check();
        assertThat(Files.getLastModifiedTime(list).toMillis()).isPositive();
        assertThat(Files.readString(list)).isEqualTo(content);
    }

    @Test
    void theListOfItsWorkersIsWrittenAgainWhenItIsGone() throws Exception {
        Path list = session.workersFiles(registration.file().pid()).getFirst();
        String content = Files.readString(list);
        Files.delete(list);
        registration.check();
        assertThat(Files.readString(list)).isEqualTo(content);
    }

    @Test
    void aNewCertificateIsInItsFileAtOnce() throws Exception {
        registration.show(List.of(CERTIFICATE));
        assertThat(found(session.path()).certificates()).containsExactly(CERTIFICATE);
        Path file = session.daemonFiles(registration.file().pid()).getFirst();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        registration.check();
        assertThat(Files.getLastModifiedTime(file).toMillis())
                .as("what stands there is not written again")
                .isZero();
    }

    @Test
    void aCertificateThatCouldNotBeWrittenIsWrittenLater() throws Exception {
        try (SmallFileSystem small = SmallFileSystem.mount(root.resolve("small"))) {
            RuntimeFolder full = RuntimeFolder.at(small.path());
            Registration there = in(full);
            small.takeAllInodes();
            there.show(List.of(CERTIFICATE));
            assertThat(found(full.path()).certificates()).isEmpty();
            for (int i = 0; i < 5; i++) {
                Files.delete(full.path().resolve("empty" + i));
            }
            there.check();
            assertThat(found(full.path()).certificates()).containsExactly(CERTIFICATE);
        }
    }

    @Test
    void afterItsEndNoCertificateIsWritten() throws Exception {
        registration.end(true, LIMIT);
        registration.show(List.of(CERTIFICATE));
        assertThat(session.daemonFiles(registration.file().pid()))
                .allSatisfy(file -> assertThat(file).doesNotExist());
    }

    /** Whoever renews a certificate goes on. */
    @Test
    void aFolderThatDoesNotAnswerHoldsUpNoNewCertificate() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(root.resolve("hung"))) {
            DaemonFile file = registration.file();
            RuntimeFolder silent = RuntimeFolder.at(hung.path());
            Registration there =
                    new Registration(folders, silent, file, token, true, new WorkerLedger(silent, file), now::get);
            Thread shows = Thread.ofPlatform().daemon().start(() -> there.show(List.of(CERTIFICATE)));
            assertThat(shows.join(Duration.ofSeconds(60))).isTrue();
        }
    }

    /** As on a host that is very busy; the process ends right after. */
    @Test
    void anEndWhileItsFilesMoveLeavesNone() throws Exception {
        CountDownLatch moves = new CountDownLatch(1);
        DaemonFile file = registration.file();
        WorkerLedger ledger = new WorkerLedger(session, file);
        ledger.add("abc", RankProcesses.of(file.identity()));
        Registration slow = new Registration(folders, session, file, token, true, ledger, () -> {
            if (Thread.currentThread().getName().equals("move")) {
                moves.countDown();
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
            return now.get();
        });
        logOut();
        Thread move = DaemonThread.start("move", slow::check);
        moves.await();
        slow.end(true, LIMIT);
        try (Stream<Path> files = Files.list(lasting)) {
            assertThat(files).containsExactly(lasting.resolve("token"));
        }
        move.join();
    }

    @Test
    void afterItsEndNoListOfWorkersIsWritten() throws Exception {
        DaemonFile file = registration.file();
        WorkerLedger ledger = new WorkerLedger(session, file);
        Registration ends = new Registration(folders, session, file, token, true, ledger, now::get);
        ends.end(true, LIMIT);
        ledger.add("abc", RankProcesses.of(file.identity()));
        assertThat(session.workersFiles(file.pid()))
                .allSatisfy(list -> assertThat(list).doesNotExist());
    }

    private Registration in(RuntimeFolder place) throws IOException {
        DaemonFile file = DaemonFile.ofThisProcess("http://127.0.0.1:1", place.tokenFile(), "1", Instant.now());
        file.write(place);
        return new Registration(
                RuntimeFolders.only(place),
                place,
                file,
                Token.readOrCreate(place.tokenFile()),
                true,
                new WorkerLedger(place, file),
                now::get);
    }

    @Test
    void whatShallLastIsNotBelowRunUser() throws Exception {
        assertThat(folders.openLasting().path()).isEqualTo(lasting);
    }
}
