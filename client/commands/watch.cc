// watch.

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/machine_text.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "labslot/v1/change_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ChangeService;
using v1::Event;

constexpr absl::Duration kFirstPause = absl::Milliseconds(500);
constexpr absl::Duration kLongestPause = absl::Seconds(15);

struct WatchOptions {
  std::vector<std::string> resources;
  std::optional<std::int64_t> after;
  int count = 0;
};

// Ends the current stream when the reader presses Ctrl-C. Signals must be
// blocked before gRPC makes its threads, so it is made before the connection.
class Interruption {
 public:
  Interruption() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    // Its own signal for the end of the wait, so that the thread can be joined.
    sigaddset(&signals_, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] { Wait(); });
  }
  ~Interruption() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  bool happened() const { return happened_; }

  // The call to cancel, or null. The call must be forgotten before it ends.
  void Guard(grpc::ClientContext* call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    call_ = call;
    if (happened_ && call_ != nullptr) call_->TryCancel();
  }

 private:
  void Wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
    if (signal == SIGUSR1) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    happened_ = true;
    if (call_ != nullptr) call_->TryCancel();
  }

  sigset_t signals_;
  sigset_t before_;
  std::atomic<bool> happened_{false};
  std::mutex mutex_;
  grpc::ClientContext* call_ = nullptr;
  std::thread thread_;
};

// "  out: all  from 2027-03-01 09:00 ..." of an outage, the state of a round, what a
// machine said of itself.
std::string OtherSummary(const Event& event, const Session& session) {
  const absl::TimeZone zone = session.environment.local_zone;
  if (event.has_outage()) {
    const v1::Outage& outage = event.outage();
    const std::string what = outage.units().empty() ? "" : absl::StrJoin(outage.units(), ",");
    const std::string extent = outage.quantity() > 0 ? absl::StrCat(":", outage.quantity()) : "";
    const bool ends = outage.interval().has_end_time();
    return absl::StrCat(
        "  ", ShortName(outage.asset()), extent, what.empty() ? "" : absl::StrCat(" (", what, ")"),
        outage.planned() ? " out of service as planned  " : " out of service  ",
        ends ? SpanText(outage.interval(), zone)
             : absl::StrCat("from ", TimeText(ToTime(outage.interval().start_time()), zone)),
        " ", zone.name(),
        outage.hits().empty()
            ? ""
            : absl::StrCat("  hits ", Count(outage.hits_size(), "reservation", "reservations")));
  }
  if (event.has_machine_report()) {
    const v1::MachineReport& report = event.machine_report();
    return absl::StrCat("  ", MachineText(report), ", ", LengthsByState(report), "  ",
                        SpanText(StartOf(report), EndOf(report), zone), " ", zone.name());
  }
  if (!event.has_round()) return "";
  const v1::Round& round = event.round();
  std::string text = absl::StrCat("  ", EnumWords(v1::Round::State_Name(round.state()), "STATE_"),
                                  "  ", SpanText(round.interval(), zone), " ", zone.name());
  if (round.state() == v1::Round::STATE_CLEARED) {
    absl::StrAppend(&text, "  ", round.granted_count(), " granted, ", round.rejected_count(),
                    " rejected");
  }
  return text;
}

std::string Summary(const Event& event, const Session& session) {
  if (!event.has_reservation()) return OtherSummary(event, session);
  const v1::Reservation& reservation = event.reservation();
  const absl::TimeZone zone = ZoneOf(reservation, session.environment.local_zone);
  std::string text =
      absl::StrCat("  ", StateText(reservation.state()), "  ", ItemsText(reservation.items()), "  ",
                   SpanText(reservation.interval(), zone), " ", zone.name());
  if (!reservation.site().empty()) {
    absl::StrAppend(&text, " at ", ShortName(reservation.site()));
  }
  if (!reservation.display_name().empty()) {
    absl::StrAppend(&text, "  \"", reservation.display_name(), "\"");
  }
  return text;
}

std::string EventLine(const Event& event, const Session& session, absl::TimeZone zone) {
  std::string line = absl::StrCat(
      event.revision(), "  ", absl::FormatTime("%Y-%m-%d %H:%M:%S%Ez", ToTime(event.time()), zone),
      "  ", ShortName(event.actor()), "  ", EnumWords(Event::Type_Name(event.type()), ""), "  ",
      event.resource_name(), Summary(event, session));
  if (!event.reason().empty()) absl::StrAppend(&line, "  because: ", event.reason());
  if (event.type() == Event::RETURNED) {
    absl::StrAppend(&line, "  back: ", LastReturnText(event.reservation()));
  }
  if (event.type() == Event::DISPLACED && !event.reservation().displaced_by().empty()) {
    absl::StrAppend(&line, "  by ", event.reservation().displaced_by());
  }
  return absl::StrCat(Printable(line), "\n");
}

// One watch, over as many streams as it takes.
class Watcher {
 public:
  Watcher(Session& session, const WatchOptions& options, absl::TimeZone zone)
      : session_(session), options_(options), zone_(zone), after_(options.after) {}

  absl::Status Run(Connection& connection, Interruption& interruption) {
    absl::Duration pause = kFirstPause;
    while (true) {
      const std::int64_t before = seen_;
      const absl::Status status = Stream(connection, interruption);
      if (interruption.happened() || Enough()) return absl::OkStatus();
      // A daemon that never answered is an error; one that went away comes back.
      if (status.code() != absl::StatusCode::kUnavailable && !status.ok()) return status;
      if (!started_) return status;
      if (seen_ > before) pause = kFirstPause;
      session_.output.Note(
          absl::StrCat("labslot: the connection ended; resuming",
                       after_.has_value() ? absl::StrCat(" after revision ", *after_) : ""));
      Sleep(pause, interruption);
      pause = std::min(2 * pause, kLongestPause);
      if (interruption.happened()) return absl::OkStatus();
    }
  }

 private:
  bool Enough() const { return options_.count > 0 && seen_ >= options_.count; }

  void Sleep(absl::Duration pause, const Interruption& interruption) const {
    constexpr absl::Duration kStep = absl::Milliseconds(100);
    for (absl::Duration slept; slept < pause && !interruption.happened(); slept += kStep) {
      session_.environment.sleep(kStep);
    }
  }

  absl::Status Stream(Connection& connection, Interruption& interruption) {
    v1::WatchRequest request;
    if (after_.has_value()) request.set_after_revision(*after_);
    for (const std::string& resource : options_.resources) request.add_resources(resource);
    grpc::ClientContext context;
    connection.Prepare(&context, absl::InfiniteDuration());
    // Once it has answered, the daemon is waited for; before, its absence is told.
    context.set_wait_for_ready(started_);
    interruption.Guard(&context);
    ChangeService::Stub stub(connection.channel());
    grpc::Status status;
    {
      // The reader must be gone before its context.
      const auto reader = stub.Watch(&context, request);
      v1::WatchResponse response;
      while (!Enough() && reader->Read(&response)) Take(response);
      if (Enough()) context.TryCancel();
      status = reader->Finish();
    }
    interruption.Guard(nullptr);
    return connection.Translate(status);
  }

  void Take(const v1::WatchResponse& response) {
    started_ = true;
    for (const Event& event : response.events()) {
      if (Enough()) return;
      ++seen_;
      after_ = event.revision();
      if (session_.output.ForPeople()) {
        session_.output.Print(session_.output.quiet()
                                  ? absl::StrCat(Printable(event.resource_name()), "\n")
                                  : EventLine(event, session_, zone_));
      } else {
        session_.output.JsonLine(event).IgnoreError();
      }
    }
    after_ = std::max(response.revision(), after_.value_or(0));
  }

  Session& session_;
  const WatchOptions& options_;
  absl::TimeZone zone_;
  // Where to resume; unset until the first answer of a watch from now on.
  std::optional<std::int64_t> after_;
  std::int64_t seen_ = 0;
  bool started_ = false;
};

absl::Status Watch(Session& session, const WatchOptions& options) {
  if (session.output.format() == Format::kCsv || session.output.format() == Format::kYaml) {
    return absl::InvalidArgumentError("watch prints lines of text, or of JSON with -o json");
  }
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  Interruption interruption;
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return Watcher(session, options, *zone).Run(**connection, interruption);
}

}  // namespace

void AddWatchCommand(CLI::App& root, Session& session) {
  CLI::App* command =
      AddCommand(root, "watch", "Print changes as they happen, until Ctrl-C",
                 {"labslot watch assets/make-lab", "labslot watch reservations --after 0 -o json"});
  auto options = std::make_shared<WatchOptions>();
  command
      ->add_option("resources", options->resources,
                   "Only of these: assets/make-lab, or a whole collection such as reservations")
      ->type_name("RESOURCE...");
  command->add_option("--after", options->after, "Start behind this revision; 0 is the beginning")
      ->type_name("REVISION");
  command->add_option("--count", options->count, "End after so many events")
      ->check(CLI::PositiveNumber);
  command->callback([&session, options] {
    session.action = [&session, options] { return Watch(session, *options); };
  });
}

}  // namespace labslot::client
