package io.hypernetes.api.types.core;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;

/** READY, STATUS and RESTARTS as kubectl has always shown them. */
class PodSummaryTest {

    private static String shown(String spec, String status) {
        PodSummary pod = PodSummary.of(object("{'spec':{" + spec + "},'status':{" + status + "}}"));
        return pod.ready() + " " + pod.status() + " " + pod.restarts();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'phase':'Pending'                                                         | 0/1 Pending 0
                    'phase':'Failed','reason':'Evicted'                                       | 0/1 Evicted 0
                    'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}] | 0/1 ContainerCreating 0
                    'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ErrImagePull'}}}] | 0/1 ErrImagePull 0
                    'phase':'Running','containerStatuses':[{'restartCount':2,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}] | 0/1 CrashLoopBackOff 2
                    'phase':'Running','containerStatuses':[{'ready':true,'state':{'running':{}}}] | 1/1 Running 0
                    'phase':'Running','containerStatuses':[{'ready':false,'state':{'running':{}}}] | 0/1 Running 0
                    'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}}] | 0/1 Completed 0
                    'phase':'Failed','containerStatuses':[{'state':{'terminated':{'reason':'Error','exitCode':1}}}] | 0/1 Error 0
                    'phase':'Failed','containerStatuses':[{'state':{'terminated':{'reason':'OOMKilled','exitCode':137}}}] | 0/1 OOMKilled 0
                    'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':3}}}] | 0/1 ExitCode:3 0
                    'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':137,'signal':9}}}] | 0/1 Signal:9 0
                    'phase':'Pending','conditions':[{'type':'PodScheduled','reason':'SchedulingGated'}] | 0/1 SchedulingGated 0
                    'phase':'Pending','conditions':[{'type':'Other','reason':'SchedulingGated'}] | 0/1 Pending 0
                    """)
    void theContainerSaysWhatThePhaseDoesNot(String status, String shown) {
        assertThat(shown("'containers':[{'name':'c'}]", status)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'state':{'waiting':{'reason':'PodInitializing'}}}                        | 0/1 Init:0/2 0
                    {'state':{'running':{}}}                                                  | 0/1 Init:0/2 0
                    {'state':{'terminated':{'exitCode':0}}},{'state':{'running':{}}}          | 0/1 Init:1/2 0
                    {'state':{'terminated':{'exitCode':1,'reason':'Error'}}}                  | 0/1 Init:Error 0
                    {'state':{'terminated':{'exitCode':7}}}                                   | 0/1 Init:ExitCode:7 0
                    {'state':{'terminated':{'exitCode':137,'signal':9}}}                      | 0/1 Init:Signal:9 0
                    {'restartCount':4,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}      | 0/1 Init:CrashLoopBackOff 4
                    {'state':{'waiting':{'reason':'ImagePullBackOff'}}}                       | 0/1 Init:ImagePullBackOff 0
                    """)
    void theFirstInitContainerThatIsNotDoneCounts(String statuses, String shown) {
        assertThat(
                        shown(
                                "'containers':[{'name':'c'}],'initContainers':[{'name':'a'},{'name':'b'}]",
                                "'phase':'Pending','initContainerStatuses':["
                                        + statuses
                                        + "],'containerStatuses':[{'state':{'waiting':"
                                        + "{'reason':'PodInitializing'}}}]"))
                .isEqualTo(shown);
    }

    @Test
    void afterTheInitContainersTheOthersTellAndTheirRestartsAloneCount() {
        assertThat(
                        shown(
                                "'containers':[{'name':'c'}],'initContainers':[{'name':'a'}]",
                                "'phase':'Pending','initContainerStatuses':[{'name':'a',"
                                    + "'restartCount':5,'state':{'terminated':{'exitCode':0}},"
                                    + "'lastState':{'terminated':{'finishedAt':'2020-01-01T00:00:00Z'}}}],"
                                    + "'containerStatuses':[{'restartCount':1,'state':{'waiting':"
                                    + "{'reason':'PodInitializing'}}}]"))
                .isEqualTo("0/1 PodInitializing 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'started':false,'ready':false,'state':{'running':{}}                      | 0/2 Init:0/1 1
                    'started':true,'ready':false,'state':{'running':{}}                       | 1/2 Running 1
                    'started':true,'ready':true,'state':{'running':{}}                        | 2/2 Running 1
                    'started':false,'ready':true,'state':{'terminated':{'exitCode':0}}        | 1/2 Running 1
                    """)
    void sidecarsAreReadyContainersOnceTheyStarted(String sidecar, String shown) {
        String own =
                sidecar.contains("'started':false") && sidecar.contains("running")
                        ? "false"
                        : "true";
        assertThat(
                        shown(
                                "'containers':[{'name':'c'}],'initContainers':[{'name':'s',"
                                        + "'restartPolicy':'Always'}]",
                                "'phase':'Running','initContainerStatuses':[{'name':'s',"
                                        + "'restartCount':1,"
                                        + sidecar
                                        + "}],'containerStatuses':[{'ready':"
                                        + own
                                        + ",'state':{'running':{}}}]"))
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"True,1/2 Running 0", "False,1/2 NotReady 0"})
    void aCompletedContainerBesideARunningOneDoesNotMakeThePodCompleted(
            String ready, String shown) {
        assertThat(
                        shown(
                                "'containers':[{'name':'c'},{'name':'d'}]",
                                "'phase':'Running','conditions':[{'type':'Ready','status':'"
                                        + ready
                                        + "'}],'containerStatuses':[{'state':{'terminated':"
                                        + "{'reason':'Completed'}}},"
                                        + "{'ready':true,'state':{'running':{}}}]"))
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'phase':'Running'                     | Terminating
                    'phase':'Pending'                     | Terminating
                    'phase':'Succeeded'                   | Succeeded
                    'phase':'Failed','reason':'Evicted'   | Evicted
                    'phase':'Running','reason':'NodeLost' | Unknown
                    """)
    void aPodBeingDeletedIsTerminatingUnlessItEnded(String status, String shown) {
        assertThat(
                        PodSummary.of(
                                        object(
                                                "{'metadata':{'deletionTimestamp':"
                                                        + "'2020-01-01T00:00:00Z'},'status':{"
                                                        + status
                                                        + "}}"))
                                .status())
                .isEqualTo(shown);
    }

    @Test
    void restartsSayHowLongAgoTheLastWas() {
        Instant last = Instant.now().minus(Duration.ofDays(2).plusMinutes(30));
        assertThat(
                        shown(
                                "'containers':[{'name':'c'},{'name':'d'}]",
                                "'phase':'Running','containerStatuses':[{'restartCount':2,"
                                        + "'lastState':{'terminated':{'finishedAt':'"
                                        + last
                                        + "'}}},{'restartCount':1,'lastState':{'terminated':"
                                        + "{'finishedAt':'2020-01-01T00:00:00Z'}}}]"))
                .isEqualTo("0/2 Running 3 (2d ago)");
    }
}
