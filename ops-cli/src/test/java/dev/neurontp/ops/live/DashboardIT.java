package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The daemon's page in a real browser. Screenshots are left in target/dashboard. */
@Tag("long")
class DashboardIT {
    private static final Path SHOTS = Programs.root().resolve("ops-cli/target/dashboard");

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private Browser browser;

    @BeforeEach
    void startTheBrowser() throws Exception {
        assumeTrue(
                Browser.program().isPresent(),
                "SKIPPED: there is no Chromium here (apt-get install chromium-headless-shell)");
        browser = Browser.start(
                Browser.program().orElseThrow(),
                Files.createDirectory(site.folder().resolve("b")));
    }

    @AfterEach
    void endTheBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }

    private void logIn() throws Exception {
        CommandResult link = site.call("dashboard");
        assertThat(link.code()).as(link.all()).isZero();
        browser.open(link.out().strip());
        until(() -> browser.text().contains("connected"));
    }

    @Test
    void aLinkLogsInOnceAndLeavesNoSecretInTheAddress() throws Exception {
        String id = site.up("-n", "3");
        String link = site.call("dashboard", "--no-open").out().strip();
        assertThat(link).matches("http://127\\.0\\.0\\.1:\\d+/#code=[0-9a-f]{64}");
        browser.open(link);
        until(() -> browser.text().contains("● ready"));
        assertThat(browser.text()).contains(id);
        assertThat(browser.script("location.href").stringValue()).doesNotContain("code");
        assertThat(browser.script("document.cookie").stringValue()).isEmpty();
        assertThat(browser.text()).contains("3 ranks, loopback", "No GPU is known");
        // In another tab's place: the same link again.
        browser.script("sessionStorage.clear()");
        browser.open("about:blank");
        browser.open(link);
        until(() -> browser.text().contains("this link was used"));
        assertThat(browser.text()).doesNotContain(id);
    }

    /** As of one that is stopped, or behind a tunnel that is cut: nothing refuses the connection. */
    @Test
    void aDaemonThatDoesNotAnswerIsSaidAndComesBack() throws Exception {
        String id = site.up("-n", "1");
        logIn();
        until(() -> browser.text().contains("● ready"));
        long daemon = site.daemons().getFirst();
        Signals.send("STOP", daemon);
        until(() -> browser.text()
                .contains("✖ not connected: the daemon did not answer within 10 s; what is shown is old"));
        Signals.send("CONT", daemon);
        until(() -> browser.text().contains("connected, up"));
        assertThat(browser.text()).contains(id);
    }

    /** Only the fragment changes, and the browser loads nothing. */
    @Test
    void aLinkThatIsOpenedInATabOfThePageLogsIn() throws Exception {
        String id = site.up("-n", "1");
        logIn();
        browser.script("document.getElementById('leave').click()");
        until(() -> browser.text().contains("not logged in"));
        String link = site.call("dashboard", "--no-open").out().strip();
        browser.script("location.hash = '" + link.substring(link.indexOf('#')) + "'");
        until(() -> browser.text().contains("connected, up"));
        assertThat(browser.text()).contains(id);
        assertThat(browser.script("location.href").stringValue()).doesNotContain("code");
    }

    @Test
    void thePageAsksItsDaemonAloneAndItsConsoleIsEmpty() throws Exception {
        site.up("-n", "2");
        logIn();
        until(() -> browser.text().contains("● ready"));
        String token = Files.readString(site.runtime().resolve("token")).strip();
        String origin = browser.script("location.origin").stringValue();
        browser.open(origin + "/docs");
        until(() -> browser.text().contains("GET /metrics"));
        assertThat(browser.addresses())
                .contains(origin + "/pools", origin + "/docs.js")
                .allMatch(url -> url.startsWith(origin + "/") || url.equals("about:blank") || url.equals("data:,"))
                .noneMatch(url -> url.contains(token) || url.contains("code="));
        assertThat(browser.problems()).isEmpty();
    }

    /** What the daemon answers is what counts: the browser has forgotten the session in any case. */
    @Test
    void logOutEndsTheSessionInTheDaemon() throws Exception {
        site.up("-n", "1");
        logIn();
        String asking = "fetch('/pools', { headers: { Authorization: 'Bearer ' + kept } }).then(said => said.status)";
        browser.script("window.kept = sessionStorage.getItem('neuron.session')");
        assertThat(browser.script(asking).intValue()).isEqualTo(200);
        browser.script("document.getElementById('leave').click()");
        until(() -> browser.text().contains("not logged in"));
        assertThat(browser.script(asking).intValue()).isEqualTo(401);
        assertThat(browser.script("sessionStorage.length").intValue()).isZero();
    }

    @Test
    void theKeyboardReachesAllAndNoStateIsToldByColourAlone() throws Exception {
        site.up("-n", "2");
        logIn();
        site.call("init");
        Signals.send("KILL", site.pid(1));
        until(() -> browser.text().contains("First failure"));
        String name = "one => one.closest('.pool')?.dataset.pool ?? (one.id || one.textContent)";
        String names = "[...document.querySelectorAll('a[href], button, summary, input, [tabindex=\"0\"]')]"
                + ".filter(one => one.checkVisibility()).map(" + name + ")";
        browser.script("document.activeElement.blur()");
        Set<String> reached = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            browser.key("Tab");
            reached.add(browser.script("(" + name + ")(document.activeElement)").stringValue());
        }
        JsonNode all = browser.script(names);
        assertThat(all.size()).isGreaterThanOrEqualTo(4);
        all.forEach(one -> assertThat(reached).contains(one.stringValue()));
        JsonNode states = browser.script("[...document.querySelectorAll('.state')].map(one => one.textContent)");
        assertThat(states).isNotEmpty();
        states.forEach(one -> assertThat(one.stringValue()).matches("[^a-z ] [a-z]+(, stopped)?"));
    }

    @Test
    void whatAPersonHasMarkedStaysMarkedWhileThePageGoesOn() throws Exception {
        String id = site.up("-n", "1");
        logIn();
        until(() -> browser.text().contains("● ready"));
        browser.script("getSelection().selectAllChildren(document.querySelector('.pool .id'))");
        site.call("init");
        until(() -> browser.text().contains("pool is joined"));
        int asked = browser.addresses().size();
        until(() -> browser.addresses().size() > asked + 8);
        assertThat(browser.script("getSelection().toString()").stringValue()).isEqualTo(id);
        browser.script("getSelection().removeAllRanges()");
        until(() -> browser.text().contains("✔ joined"));
    }

    @Test
    void whatHappensIsSeenWithoutAReloadAndTheFirstFailureStandsAtTheTop() throws Exception {
        String id = site.up("-n", "2");
        logIn();
        browser.script("window.mark = 1");
        site.call("init", id);
        until(() -> browser.text().contains("✔ joined"));
        until(() -> browser.text().contains("pool is joined"));
        until(() -> !browser.script("document.querySelector('.spark polyline')?.getAttribute('points') ?? ''")
                .stringValue()
                .isEmpty());
        browser.screenshot(SHOTS.resolve("joined-light.png"), "light", 1200, 900);
        Signals.send("KILL", site.pid(1));
        until(() -> browser.text().contains("First failure"));
        assertThat(browser.text()).contains("exit 137 (SIGKILL)", "✖ failed");
        assertThat(browser.text().indexOf("First failure"))
                .isLessThan(browser.text().indexOf("Pools"));
        assertThat(browser.script("window.mark").intValue()).isEqualTo(1);
        browser.screenshot(SHOTS.resolve("failed-dark.png"), "dark", 1200, 900);
        browser.screenshot(SHOTS.resolve("failed-narrow.png"), "light", 380, 900);
        assertThat(browser.script("document.documentElement.scrollWidth <= window.innerWidth")
                        .booleanValue())
                .as("nothing sticks out of a narrow screen")
                .isTrue();
    }

    @Test
    void ranksOfAnotherHostStandUnderItsName() throws Exception {
        site.with("PATH", Path.of(Programs.neuron()).getParent() + ":" + System.getenv("PATH"))
                .with("NEURON_HOSTS__FAR__ADDRESS", "127.0.0.1");
        site.up("--hosts", "far:0-1", "--launcher", "local");
        logIn();
        until(() -> browser.text().contains("● ready"));
        assertThat(browser.script("[...document.querySelectorAll('.pool th')].map(one => one.textContent).join()")
                        .stringValue())
                .startsWith("Rank,Host,PID,");
        assertThat(browser.script("document.querySelectorAll('.pool tbody td')[1].textContent")
                        .stringValue())
                .isEqualTo("far");
        until(() -> browser.text().contains("rank 1 (pid " + site.pid(1) + " on far) is ready"));
    }

    @Test
    void whatAWorkerSaysIsTextAndNothingElse() throws Exception {
        String says = "<img src=x onerror=window.owned=1><script>window.owned=1</script>";
        String worker = "echo '" + says + "' >&2; exec '" + Programs.neuron() + "' \"$@\"";
        site.up("-n", "2", "--", "sh", "-c", worker, "worker");
        logIn();
        Signals.send("KILL", site.pid(1));
        until(() -> browser.text().contains("First failure"));
        until(() -> browser.text().contains(says));
        assertThat(browser.script("typeof window.owned").stringValue()).isEqualTo("undefined");
        assertThat(browser.script("document.images.length").intValue()).isZero();
    }

    @Test
    void theTokenLogsInByKeyboardAlone() throws Exception {
        String id = site.up("-n", "2");
        String token = Files.readString(site.runtime().resolve("token")).strip();
        String address = site.call("dashboard", "--no-open")
                .out()
                .replaceFirst("#.*", "")
                .strip();
        browser.open(address);
        until(() -> browser.text().contains("Log in"));
        until(() -> browser.script("document.activeElement.id").asString("").equals("token"));
        browser.script("document.activeElement.value = 'wrong'");
        browser.key("Enter");
        until(() -> browser.text().contains("this is not the token of this daemon"));
        browser.script("document.activeElement.value = '" + token + "'");
        browser.key("Enter");
        // The events can name the pool before it is in the list.
        until(() -> browser.script("document.querySelector('.pool') !== null").booleanValue());
        // From the log-out button on, the first pool is the next thing that the keyboard reaches, and Enter opens it.
        browser.script("document.getElementById('leave').focus()");
        browser.key("Tab");
        assertThat(browser.script("document.activeElement.closest('.pool')?.dataset.pool ?? ''")
                        .stringValue())
                .isEqualTo(id);
        browser.key("Enter");
        until(() -> browser.script("document.querySelector('.pool').open").booleanValue());
        assertThat(browser.text()).contains("Round trip");
    }

    @Test
    void theDocumentOfTheInterfaceCanBeReadAndSearched() throws Exception {
        site.up("-n", "1");
        String address = site.call("dashboard", "--no-open")
                .out()
                .replaceFirst("/#.*", "")
                .strip();
        browser.open(address + "/docs");
        until(() -> browser.text().contains("POST /pools/{id}/sanity"));
        String shown = browser.text();
        JsonNode paths = new YAMLMapper()
                .readTree(Files.readString(Programs.root().resolve("docs/openapi.yaml")))
                .get("paths");
        paths.forEachEntry((path, methods) -> methods.propertyNames().stream()
                .filter(Set.of("get", "post", "put", "delete")::contains)
                .map(method -> method.toUpperCase(Locale.ROOT) + " " + path)
                .forEach(operation -> assertThat(shown).contains(operation)));
        browser.script(
                "const f = document.getElementById('filter'); f.value = '/sanity'; f.dispatchEvent(new Event('input'))");
        until(() -> browser.text().contains("1 operations") || browser.text().contains("2 operations"));
        assertThat(browser.text()).doesNotContain("GET /metrics");
        browser.screenshot(SHOTS.resolve("docs-dark.png"), "dark", 1000, 700);
    }
}
