#include "daemon/service/watch_call.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"
#include "daemon/service/convert/event.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/wire.h"
#include "daemon/storage/records.h"
#include "labslot/v1/change_service.pb.h"

namespace labslot::service {
namespace {

constexpr char kMethod[] = "/labslot.v1.ChangeService/Watch";

// Events that one message may carry. Most are small, but some hold a record
// of many KiB, and gRPC clients by default take no message above 4 MiB; so
// nothing is added to one that has this size.
constexpr size_t kMaxEventsPerMessage = 256;
constexpr size_t kFullMessageBytes = 512 << 10;

// A watcher that sees nothing of what happens is told this often how far the
// log was read, so that it does not resume from long ago.
constexpr Revision kTellEvery = 1000;

// Streams at the same time; each costs a few KiB.
constexpr size_t kMaxWatchers = 10000;

// Of these, one user may have so many: nobody can take them all from the others. It
// is four connections full.
constexpr size_t kMaxWatchersOfUser = 1000;

// Who was cut off has so long to take what was on its way, and to learn why.
constexpr absl::Duration kFarewell = absl::Seconds(10);

}  // namespace

Watchers::Watchers(RawService& service, const DaemonCore& core, Gate& gate, absl::Duration patience)
    : service_(service),
      method_(service.descriptor().FindMethodByName("Watch")->index()),
      core_(core),
      gate_(gate),
      patience_(patience) {}

void Watchers::Wait() { new WatchCall(*this); }

bool Watchers::HaveRoomFor(const engine::Principal& principal) const {
  const auto of_user = std::count_if(open_.begin(), open_.end(), [&](const WatchCall* call) {
    return !call->finishing_ && call->principal_.user == principal.user;
  });
  return open_.size() <= kMaxWatchers && static_cast<size_t>(of_user) <= kMaxWatchersOfUser;
}

void Watchers::EndAll() {
  for (WatchCall* call : std::vector<WatchCall*>(open_)) {
    call->Finish(GrpcStatusOf(
        Error{ErrorKind::kDraining,
              absl::StrCat("the daemon stops; watch again from revision ", call->considered_),
              "",
              {},
              std::nullopt}));
  }
}

WatchCall::WatchCall(Watchers& watchers)
    : watchers_(watchers), core_(watchers.core_), writer_(&context_) {
  context_.AsyncNotifyWhenDone(&gone_);
  watchers_.service_.AwaitServerStream(watchers_.method_, context_, request_, writer_,
                                       *core_.loop.queue(), &called_);
}

WatchCall::~WatchCall() {
  if (ticket_ != 0) core_.feed.Unsubscribe(ticket_);
  std::erase(watchers_.open_, this);
}

void WatchCall::OnCalled(bool ok) {
  if (!ok) {
    delete this;
    return;
  }
  watchers_.Wait();
  began_ = absl::Now();
  pending_ = 1;  // the notice that the caller is gone
  watchers_.open_.push_back(this);
  Result<CallInfo> info = watchers_.gate_.Admit(context_, kMethod);
  if (!info.ok()) return Finish(GrpcStatusOf(info.error()));
  principal_ = info.value().principal;
  if (!watchers_.HaveRoomFor(principal_)) {
    return Finish(GrpcStatusOf(
        Error{ErrorKind::kOverloaded, "too many watchers; try again later", "", {}, std::nullopt}));
  }
  Result<Revision> start = StartingPoint();
  if (!start.ok()) return Finish(GrpcStatusOf(start.error()));
  considered_ = start.value();
  ticket_ = core_.feed.Subscribe([this] { Pump(); });
  Pump();
}

Result<Revision> WatchCall::StartingPoint() {
  v1::WatchRequest request;
  if (auto error = ParseRequest(request_, request)) return *std::move(error);
  FieldErrors errors;
  selector_ = ResourceSelector::FromProto(request.resources(), errors);
  if (!request.has_after_revision()) {
    if (!errors.ok()) return errors.ToError();
    return core_.feed.head();
  }
  const Revision after =
      NumberFromProto(request.after_revision(), int64_t{0}, std::numeric_limits<int64_t>::max(),
                      "after_revision", errors);
  if (!errors.ok()) return errors.ToError();
  if (after > core_.feed.head()) return RevisionAhead(core_.feed.head());
  return after;
}

void WatchCall::Pump() {
  if (writing_ && !finishing_ && absl::Now() - write_began_ > watchers_.patience_) return CutOff();
  if (writing_ || reading_ || finishing_) return;
  // Roles and tokens may have been taken away meanwhile.
  Result<CallInfo> info = watchers_.gate_.Admit(context_, kMethod);
  if (!info.ok()) return Finish(GrpcStatusOf(info.error()));
  principal_ = info.value().principal;
  const auto events = core_.feed.After(considered_, kMaxEventsPerMessage);
  if (!events) return PumpFromStore();
  Send(*events);
}

void WatchCall::PumpFromStore() {
  auto snapshot = std::shared_ptr<const storage::Snapshot>(core_.store.TakeSnapshot());
  reading_ = true;
  const bool queued = core_.workers.Run([this, snapshot, after = considered_] {
    auto events = std::make_shared<std::vector<runtime::SharedEvent>>();
    const absl::Status status = storage::VisitEvents(*snapshot, after, [&](Event event) {
      events->push_back(std::make_shared<const Event>(std::move(event)));
      return events->size() < kMaxEventsPerMessage;
    });
    core_.loop.Post([this, events, status] {
      reading_ = false;
      if (finishing_) return DeleteIfOver();
      if (!status.ok()) {
        Log(LogLevel::kError, status.message());
        return Finish(GrpcStatusOf(status));
      }
      Send(*events);
    });
  });
  if (queued) return;
  reading_ = false;
  Finish(GrpcStatusOf(Error{ErrorKind::kOverloaded,
                            absl::StrCat("too many long requests at once; watch again from "
                                         "revision ",
                                         considered_),
                            "",
                            {},
                            std::nullopt}));
}

void WatchCall::Send(const std::vector<runtime::SharedEvent>& events) {
  v1::WatchResponse response;
  const auto zone_of = [&](const Reservation& reservation) {
    return engine::ZoneNameOf(core_.catalogue(), reservation);
  };
  size_t bytes = 0;
  for (const runtime::SharedEvent& event : events) {
    if (bytes >= kFullMessageBytes) break;
    considered_ = event->revision;
    if (selector_.Selects(*event) &&
        engine::MayRead(core_.catalogue(), principal_, event->resource)) {
      ToProto(*event, zone_of, *response.add_events());
      bytes += response.events(response.events_size() - 1).ByteSizeLong();
    }
  }
  const bool first = told_ < 0;
  const bool caught_up = considered_ == core_.feed.head();
  if (response.events().empty() && !first && considered_ - told_ < kTellEvery) {
    if (!caught_up) Pump();
    return;
  }
  response.set_revision(considered_);
  told_ = considered_;
  writing_ = true;
  write_began_ = absl::Now();
  ++pending_;
  writer_.Write(SerializeResponse(response), &written_);
}

void WatchCall::OnWritten(bool ok) {
  writing_ = false;
  --pending_;
  if (finishing_) return DeleteIfOver();
  if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the watcher is gone"));
  if (considered_ < core_.feed.head()) Pump();
}

void WatchCall::OnGone(bool) {
  --pending_;
  if (finishing_) return DeleteIfOver();
  Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the watcher is gone"));
}

// If it takes what is on its way, it learns why there is no more.
void WatchCall::CutOff() {
  Finish(GrpcStatusOf(
      Error{ErrorKind::kOverloaded,
            absl::StrCat("the watcher took nothing for ", absl::FormatDuration(watchers_.patience_),
                         "; watch again from revision ", told_),
            "",
            {},
            std::nullopt}));
  ++pending_;
  alarm_.Set(core_.loop.queue(), absl::ToChronoTime(absl::Now() + kFarewell), &overdue_);
}

void WatchCall::OnOverdue(bool) {
  --pending_;
  if (pending_ > 0) context_.TryCancel();
  DeleteIfOver();
}

void WatchCall::Finish(const grpc::Status& status) {
  if (std::exchange(finishing_, true)) return;
  watchers_.gate_.Answered(kMethod, principal_, status, absl::Now() - began_);
  if (ticket_ != 0) core_.feed.Unsubscribe(std::exchange(ticket_, 0));
  ++pending_;
  writer_.Finish(status, &finished_);
}

void WatchCall::OnFinished(bool) {
  --pending_;
  alarm_.Cancel();
  DeleteIfOver();
}

void WatchCall::DeleteIfOver() {
  if (pending_ == 0 && !reading_) delete this;
}

}  // namespace labslot::service
