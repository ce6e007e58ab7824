// One JavaScript environment's tensors: which object holds which slot, and when a slot is freed.
#pragma once

#include <v8.h>

#include <deque>
#include <memory>
#include <vector>

#include "engine.h"

class Binding;

struct Guard {
  Binding* owner = nullptr;
  int32_t slot = -1;
  v8::Global<v8::Object> object;
};

class Binding {
 public:
  explicit Binding(v8::Isolate* isolate) : isolate_(isolate) {}

  engine::Engine& engine() { return engine_; }

  void setTape(v8::Local<v8::Float64Array> tape) {
    tapeStore_ = tape->Buffer()->GetBackingStore();
    tape_ = reinterpret_cast<double*>(static_cast<char*>(tapeStore_->Data()) + tape->ByteOffset());
    capacity_ = tape->Length();
  }

  double* tape() { return tape_; }
  size_t capacity() const { return capacity_; }

  /// Ties a tensor's slot to its JavaScript object: when nobody can reach the object, the slot is freed.
  void guard(v8::Local<v8::Object> object, int32_t slot) {
    if (!engine_.holds(slot)) return;
    while (guards_.size() <= static_cast<size_t>(slot)) guards_.emplace_back();
    Guard& guard = guards_[static_cast<size_t>(slot)];
    guard.owner = this;
    guard.slot = slot;
    guard.object.Reset(isolate_, object);
    guard.object.SetWeak(&guard, collected, v8::WeakCallbackType::kParameter);
    made_++;
  }

  void release(int32_t slot) {
    if (slot < 0) return;
    if (static_cast<size_t>(slot) < guards_.size()) guards_[static_cast<size_t>(slot)].object.Reset();
    engine_.release(slot);
  }

  /// Frees what the collector found and tells V8 how much memory its tensors hold. Called on the way into every call
  /// that makes tensors, since a collection itself may neither free tensors nor speak to V8.
  ///
  /// A collection finds thousands of small tensors at once. One is freed for each one made, so that the next takes the memory
  /// just given back while it is in the cache: that halves the time of a call (benchmarks/dispatch.ts). Large ones go at once.
  void settle() {
    if (deadBytes_ > kManyBytes) return settleAll();
    for (int32_t i = 0; (i == 0 || i < made_) && !dead_.empty(); i++) releaseDead();
    made_ = 0;
    tell();
  }

  void settleAll() {
    while (!dead_.empty()) releaseDead();
    tell();
  }

 private:
  static constexpr int64_t kTellEvery = 1 << 20;
  static constexpr int64_t kManyBytes = 8 << 20;

  static void collected(const v8::WeakCallbackInfo<Guard>& info) {
    Guard* guard = info.GetParameter();
    guard->object.Reset();
    guard->owner->dead_.push_back(guard->slot);
    guard->owner->deadBytes_ += guard->owner->engine_.bytesOf(guard->slot);
  }

  void releaseDead() {
    deadBytes_ -= engine_.bytesOf(dead_.back());
    engine_.release(dead_.back());
    dead_.pop_back();
  }

  void tell() {
    untoldBytes_ += engine_.takeBytesDelta();
    if (untoldBytes_ < kTellEvery && untoldBytes_ > -kTellEvery) return;
    isolate_->AdjustAmountOfExternalAllocatedMemory(untoldBytes_);
    untoldBytes_ = 0;
  }

  v8::Isolate* isolate_;
  engine::Engine engine_;
  std::shared_ptr<v8::BackingStore> tapeStore_;
  double* tape_ = nullptr;
  size_t capacity_ = 0;
  std::deque<Guard> guards_;  // a deque: V8 keeps pointers to its elements
  std::vector<int32_t> dead_;
  int64_t deadBytes_ = 0;
  int32_t made_ = 0;  // since the last settle
  int64_t untoldBytes_ = 0;
};
