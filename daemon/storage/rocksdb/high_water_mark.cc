#include "daemon/storage/rocksdb/high_water_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "daemon/storage/files.h"

namespace labslot::storage {
namespace {

constexpr size_t kSlotLimit = 256;

std::string FormatSlot(const Mark& mark) {
  // Of fixed length, so that a slot is overwritten whole.
  const std::string body = absl::StrFormat("labslot high-water mark\nrevision %019d\nevent %016x\n",
                                           mark.revision, mark.event_hash);
  return absl::StrCat(body, absl::StrFormat("checksum %016x\n", HashOf(body)));
}

std::optional<Mark> ParseSlot(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, absl::ByAnyChar(" \n"));
  Mark mark;
  if (words.size() < 7 || !absl::SimpleAtoi(words[4], &mark.revision)) return std::nullopt;
  mark.event_hash = std::strtoull(words[6].c_str(), nullptr, 16);
  // Writing it again checks the words, the numbers and the checksum at once.
  if (FormatSlot(mark) != text) return std::nullopt;
  return mark;
}

// The content of a slot; nothing if there is no such file or it is empty, which
// it is between its creation and its first write.
std::optional<std::string> ReadSlot(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) return "unreadable";
  char text[kSlotLimit];
  const ssize_t size = pread(file, text, sizeof text, 0);
  close(file);
  if (size < 0) return "unreadable";
  if (size == 0) return std::nullopt;
  return std::string(text, static_cast<size_t>(size));
}

absl::Status WriteSlot(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return SystemError(absl::StrCat("write ", path), errno);
  const ssize_t written = pwrite(file, text.data(), text.size(), 0);
  const bool ok = written == static_cast<ssize_t>(text.size()) && fdatasync(file) == 0;
  const int error = errno;
  close(file);
  if (!ok) return SystemError(absl::StrCat("write ", path), written < 0 ? error : EIO);
  return absl::OkStatus();
}

}  // namespace

uint64_t HashOf(absl::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

absl::StatusOr<std::optional<Mark>> HighWaterMark::Read() const {
  std::optional<Mark> greatest;
  bool found = false;
  for (int slot = 0; slot < 2; ++slot) {
    const std::optional<std::string> text = ReadSlot(folder_.mark_slot(slot));
    if (!text) continue;
    found = true;
    const std::optional<Mark> mark = ParseSlot(*text);
    if (mark && (!greatest || mark->revision > greatest->revision)) greatest = mark;
  }
  if (found && !greatest) {
    return DamagedStore(folder_, absl::StrCat("neither ", folder_.mark_slot(0), " nor ",
                                              folder_.mark_slot(1), " can be read"));
  }
  return greatest;
}

absl::Status HighWaterMark::Write(const Mark& mark) {
  if (next_slot_ < 0) {
    // Never overwrite the only slot that counts.
    const std::optional<std::string> first = ReadSlot(folder_.mark_slot(0));
    const std::optional<std::string> second = ReadSlot(folder_.mark_slot(1));
    const std::optional<Mark> a = first ? ParseSlot(*first) : std::nullopt;
    const std::optional<Mark> b = second ? ParseSlot(*second) : std::nullopt;
    next_slot_ = a && (!b || a->revision >= b->revision) ? 1 : 0;
  }
  const std::string path = folder_.mark_slot(next_slot_);
  const bool is_new = access(path.c_str(), F_OK) != 0;
  absl::Status written = WriteSlot(path, FormatSlot(mark));
  if (!written.ok()) return written;
  if (is_new) written = SyncFolder(folder_.path());
  if (written.ok()) next_slot_ = 1 - next_slot_;
  return written;
}

absl::Status HighWaterMark::Reset(const Mark& mark) {
  for (int slot = 0; slot < 2; ++slot) {
    const absl::Status written = WriteSlot(folder_.mark_slot(slot), FormatSlot(mark));
    if (!written.ok()) return written;
  }
  return SyncFolder(folder_.path());
}

}  // namespace labslot::storage
